package dev.offshoot.apikey;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.offshoot.value.KeyId;
import dev.offshoot.value.OrgId;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shares the look-up of a key for a second, so that most requests need none and at most one is begun. When this replica
 * changes or revokes a key or deletes its organisation, it notes the time: what was read before does not count. Other
 * replicas follow within a second.
 */
@Singleton
public class CallerCache {
    /** How long a look-up is kept, counted from its start. */
    static final Duration MAX_AGE = Duration.ofSeconds(1);

    /** Longer than a look-up may take and be shared. */
    static final Duration FORGETTING = Duration.ofSeconds(5);

    private static final int MOST_KEYS = 10_000;

    private final Cache<KeyId, KeyLookUp> lookUps = Caffeine.newBuilder()
            .maximumSize(MOST_KEYS)
            .expireAfterWrite(MAX_AGE)
            .build();
    private final Cache<KeyId, Long> forgottenKeys =
            Caffeine.newBuilder().expireAfterWrite(FORGETTING).build();
    private final Cache<OrgId, Long> forgotten =
            Caffeine.newBuilder().expireAfterWrite(FORGETTING).build();

    /** The look-up that was begun within the last second, unless the key was forgotten since. */
    Optional<KeyLookUp> get(KeyId id) {
        return Optional.ofNullable(lookUps.getIfPresent(id)).filter(lookUp -> isCurrent(id, lookUp));
    }

    /** The look-up to share: the one that somebody else has begun meanwhile, or the new one. */
    KeyLookUp share(KeyId id, Supplier<KeyLookUp> fresh) {
        return lookUps.asMap().compute(id, (key, begun) -> begun != null && isCurrent(id, begun) ? begun : fresh.get());
    }

    /** Shares the look-up no longer. */
    void drop(KeyId id, KeyLookUp lookUp) {
        lookUps.asMap().remove(id, lookUp);
    }

    /** Whether neither the key nor an organisation of its lineage was forgotten since the look-up began. */
    boolean counts(KeyLookUp lookUp, ApiKey key) {
        for (var organisation : key.lineage()) {
            if (!isAfter(lookUp, forgotten.getIfPresent(organisation))) {
                return false;
            }
        }
        return isAfter(lookUp, forgottenKeys.getIfPresent(key.id()));
    }

    /** Forgets a key that was changed or revoked. */
    public void forget(KeyId key) {
        forgottenKeys.put(key, System.nanoTime());
    }

    /** Forgets every key of an organisation and everything beneath it. */
    public void forget(OrgId organisation) {
        forgotten.put(organisation, System.nanoTime());
    }

    private boolean isCurrent(KeyId id, KeyLookUp lookUp) {
        return lookUp.isShared() && isAfter(lookUp, forgottenKeys.getIfPresent(id));
    }

    private static boolean isAfter(KeyLookUp lookUp, @Nullable Long forgottenNanos) {
        return forgottenNanos == null || lookUp.beganAfter(forgottenNanos);
    }
}
