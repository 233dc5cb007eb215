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
 * Keeps keys that nobody knows from loading the database, since anyone can compute a checksum. What was found to be no key
 * is not looked up again for a while; nobody can present a key before it is minted, so no new one is taken for none. And
 * of keys that this replica has never found, it looks up only so many in a second. Known keys are not counted.
 *
 * <p>The cache library picks a class of that name for {@link #known}; for native images the framework registers those of
 * the other settings, and not this one.
 */
@Singleton
@RegisterForReflection(classNames = "com.github.benmanes.caffeine.cache.PSAMS")
class UnknownKeyLimiter {
    private static final Duration NONE_FOR = Duration.ofSeconds(10);
    private static final Duration KNOWN_FOR = Duration.ofHours(24);
    /** Longer than a look-up may take. */
    private static final Duration ASKED_FOR = Duration.ofSeconds(5);

    private static final int MOST = 100_000;

    private final Cache<Binary, Boolean> none =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(NONE_FOR).build();
    private final Cache<Binary, Boolean> known =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(KNOWN_FOR).build();
    private final Cache<Binary, Boolean> asked =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(ASKED_FOR).build();
    private final KeyMetrics metrics;
    private final int mostPerSecond;
    private long second;
    private int lookedUp;

    @Inject
    UnknownKeyLimiter(KeyMetrics metrics, Settings settings) {
        this(metrics, settings.keys().maxUnknownPerSecond());
    }

    UnknownKeyLimiter(KeyMetrics metrics, int mostPerSecond) {
        this.metrics = metrics;
        this.mostPerSecond = mostPerSecond;
    }

    /** Whether the key of that digest was found to be none, a moment ago. */
    boolean isNone(Binary digest) {
        return none.getIfPresent(digest) != null;
    }

    /**
     * Before a key is looked up; fails with {@link Failure.Unavailable} when too many were that nobody knows. One that is
     * presented many times at once counts once.
     */
    void admit(Binary digest) {
        if (known.getIfPresent(digest) != null || asked.getIfPresent(digest) != null) {
            return;
        }
        if (!takeOne()) {
            metrics.overBudget();
            throw new Failure.Unavailable(1).asException();
        }
        asked.put(digest, true);
    }

    void found(Binary digest) {
        known.put(digest, true);
    }

    void notFound(Binary digest) {
        none.put(digest, true);
    }

    private synchronized boolean takeOne() {
        var now = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
        if (now != second) {
            second = now;
            lookedUp = 0;
        }
        lookedUp++;
        return lookedUp <= mostPerSecond;
    }
}
