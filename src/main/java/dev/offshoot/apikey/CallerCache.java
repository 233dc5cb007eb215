package dev.offshoot.apikey;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.offshoot.value.KeyId;
import dev.offshoot.value.OrgId;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/**
 * Keys of the last second, so that most requests need no look-up. A key that this replica revokes or deletes is forgotten
 * at once, for so long that a look-up under way can't bring it back; other replicas follow within the second.
 */
@Singleton
public class CallerCache {
    /** How long an answer counts, from before it was read. */
    static final Duration MAX_AGE = Duration.ofSeconds(1);

    /** Longer than a look-up may take and its answer may then count. */
    static final Duration FORGETTING = Duration.ofSeconds(5);

    private static final int MOST_KEYS = 10_000;

    private final Cache<KeyId, CachedKey> entries = Caffeine.newBuilder()
            .maximumSize(MOST_KEYS)
            .expireAfterWrite(MAX_AGE)
            .build();
    private final Cache<KeyId, Boolean> forgottenKeys =
            Caffeine.newBuilder().expireAfterWrite(FORGETTING).build();
    private final Cache<OrgId, Boolean> forgotten =
            Caffeine.newBuilder().expireAfterWrite(FORGETTING).build();

    /** What was found of that key within the last second, unless that was forgotten. */
    Optional<CachedKey> get(KeyId id) {
        return Optional.ofNullable(entries.getIfPresent(id)).filter(entry -> isFresh(entry) && isRemembered(entry));
    }

    void put(CachedKey found) {
        entries.put(found.key().id(), found);
    }

    /** Forgets that key, which was changed or revoked. */
    public void forget(KeyId key) {
        forgottenKeys.put(key, true);
    }

    /** Forgets every key of that organisation and beneath it. */
    public void forget(OrgId organisation) {
        forgotten.put(organisation, true);
    }

    private boolean isFresh(CachedKey entry) {
        return System.nanoTime() - entry.readAtNanos() < MAX_AGE.toNanos();
    }

    private boolean isRemembered(CachedKey entry) {
        return forgottenKeys.getIfPresent(entry.key().id()) == null
                && entry.key().lineage().stream().allMatch(id -> forgotten.getIfPresent(id) == null);
    }
}
