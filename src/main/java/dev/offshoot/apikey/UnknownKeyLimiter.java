package dev.offshoot.apikey;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.offshoot.failure.Failure;
import dev.offshoot.settings.Settings;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.bson.types.Binary;

/**
 * Keeps unknown keys from overloading the database, since anyone can compute a checksum. A key that was not found is
 * not looked up again for ten seconds. That never affects a new key, because nobody can present a key before it is
 * minted. Of keys that this replica has not found lately, it looks up only a limited number per second. A found key is
 * remembered until it has not been looked up for a day; at most 100,000 are remembered.
 *
 * The cache library loads a class by name for {@link #found}. The framework registers the classes of the other caches
 * for native images, but not this one.
 */
@Singleton
@RegisterForReflection(classNames = "com.github.benmanes.caffeine.cache.PSAMS")
class UnknownKeyLimiter {
    private static final Duration UNKNOWN_FOR = Duration.ofSeconds(10);
    private static final Duration FOUND_FOR = Duration.ofHours(24);
    /** Longer than a look-up may take. */
    private static final Duration ADMITTED_FOR = Duration.ofSeconds(5);

    private static final int MAX_ENTRIES = 100_000;

    private final Cache<Binary, Boolean> unknown = Caffeine.newBuilder()
            .maximumSize(MAX_ENTRIES)
            .expireAfterWrite(UNKNOWN_FOR)
            .build();
    private final Cache<Binary, Boolean> found = Caffeine.newBuilder()
            .maximumSize(MAX_ENTRIES)
            .expireAfterAccess(FOUND_FOR)
            .build();
    private final Cache<Binary, Boolean> admitted = Caffeine.newBuilder()
            .maximumSize(MAX_ENTRIES)
            .expireAfterWrite(ADMITTED_FOR)
            .build();
    private final KeyMetrics metrics;
    private final int maxPerSecond;
    private long second;
    private int lookedUp;

    @Inject
    UnknownKeyLimiter(KeyMetrics metrics, Settings settings) {
        this(metrics, settings.keys().maxUnknownPerSecond());
    }

    UnknownKeyLimiter(KeyMetrics metrics, int maxPerSecond) {
        this.metrics = metrics;
        this.maxPerSecond = maxPerSecond;
    }

    /** Whether the key with this digest was recently looked up and not found. */
    boolean isUnknown(Binary digest) {
        return unknown.getIfPresent(digest) != null;
    }

    /**
     * Admits a key before its look-up. Fails with {@link Failure.Unavailable} if too many unknown keys were looked up.
     * A key that is presented many times at once counts once.
     */
    void admit(Binary digest) {
        if (found.getIfPresent(digest) != null || admitted.getIfPresent(digest) != null) {
            return;
        }
        if (!takeOne()) {
            metrics.overBudget();
            throw new Failure.Unavailable(Failure.Unavailable.Cause.UNKNOWN_KEYS).asException();
        }
        admitted.put(digest, true);
    }

    /** Records whether a look-up found the key. */
    void note(Binary digest, boolean wasFound) {
        (wasFound ? found : unknown).put(digest, true);
    }

    private synchronized boolean takeOne() {
        var now = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
        if (now != second) {
            second = now;
            lookedUp = 0;
        }
        lookedUp++;
        return lookedUp <= maxPerSecond;
    }
}
