package dev.offshoot.apikey;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.offshoot.value.KeyId;
import dev.offshoot.value.OrgId;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/**
 * Caches keys for a second, so that most requests need no look-up. When this replica changes or revokes a key or
 * deletes its organisation, it forgets the key at once, and long enough that a look-up under way can't bring it back.
 * Other replicas follow within a second.
 */
@Singleton
public class CallerCache {
    /** How long an entry is valid, counted from before it was read. */
    static final Duration MAX_AGE = Duration.ofSeconds(1);

    /** Longer than a look-up may take and its entry may then be valid. */
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

    /** Returns the key as it was read within the last second, unless it was forgotten since. */
    Optional<CachedKey> get(KeyId id) {
        return Optional.ofNullable(entries.getIfPresent(id)).filter(entry -> isFresh(entry) && isRemembered(entry));
    }

    void put(CachedKey found) {
        entries.put(found.key().id(), found);
    }

    /** Forgets a key that was changed or revoked. */
    public void forget(KeyId key) {
        forgottenKeys.put(key, true);
    }

    /** Forgets every key of an organisation and everything beneath it. */
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
