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
 * Keeps unknown keys from loading the database, since anyone can compute a checksum. A key that was not found is not looked
 * up again for a while; nobody can present a key before it is minted, so a new one is never among them. And of keys that
 * this replica has never found, it looks up only so many in a second. Keys that it has found are not counted.
 *
 * <p>The cache library picks a class of that name for {@link #found}; for native images the framework registers those of
 * the other settings, and not this one.
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

    /** Whether the key of that digest was looked up a moment ago and not found. */
    boolean isUnknown(Binary digest) {
        return unknown.getIfPresent(digest) != null;
    }

    /**
     * Before a key is looked up; fails with {@link Failure.Unavailable} when too many unknown ones were. A key that is
     * presented many times at once counts once.
     */
    void admit(Binary digest) {
        if (found.getIfPresent(digest) != null || admitted.getIfPresent(digest) != null) {
            return;
        }
        if (!takeOne()) {
            metrics.overBudget();
            throw new Failure.Unavailable(1).asException();
        }
        admitted.put(digest, true);
    }

    /** What a look-up found. */
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
