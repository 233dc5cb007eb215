package dev.offshoot.apikey;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.offshoot.failure.Failure;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How many look-ups that find nothing one kind of source may cause: each source so many, and all sources of that kind
 * together so many. A look-up is charged when it begins and refunded when it has found its key. So look-ups that are
 * under way count as if they found nothing, and those that find something cost nothing.
 */
final class LookUpBudget {
    /** How many sources are remembered. What a forgotten one has used up still counts for all together. */
    private static final int MOST_SOURCES = 10_000;

    private final Cache<KeySource, Bucket> sources;
    private final Bucket all;
    private final int perSecond;
    private final int burst;
    private final TimeMeter clock;

    /**
     * @param perSecond how many a source may cause in a second, in the long run
     * @param allPerSecond how many all sources may cause together
     * @param burst how many a source may cause at once; all together as many times that as their rate is a source's
     */
    LookUpBudget(int perSecond, int allPerSecond, int burst, TimeMeter clock) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.clock = clock;
        this.all = bucket((long) burst * Math.max(1, allPerSecond / perSecond), allPerSecond);
        // One that nobody has used for so long is full again.
        this.sources = Caffeine.newBuilder()
                .maximumSize(MOST_SOURCES)
                .expireAfterAccess(Duration.ofSeconds(1L + burst / perSecond))
                .build();
    }

    /** What a look-up was charged. */
    static final class Charge {
        private final Bucket own;
        private final Bucket all;
        private final AtomicBoolean isRefunded = new AtomicBoolean();

        private Charge(Bucket own, Bucket all) {
            this.own = own;
            this.all = all;
        }

        /** Takes the charge back: the look-up has found its key, or has failed. */
        void refund() {
            if (isRefunded.compareAndSet(false, true)) {
                own.addTokens(1);
                all.addTokens(1);
            }
        }
    }

    /** Charges a look-up that is going to begin. Fails with {@link Failure.Unavailable} if a budget is used up. */
    Charge charge(KeySource source, KeyMetrics metrics) {
        var own = Objects.requireNonNull(sources.get(source, anew -> bucket(burst, perSecond)));
        if (!own.tryConsume(1)) {
            metrics.overBudget(source, false);
            throw new Failure.Unavailable(Failure.Unavailable.Cause.UNKNOWN_KEYS).asException();
        }
        if (!all.tryConsume(1)) {
            own.addTokens(1);
            metrics.overBudget(source, true);
            throw new Failure.Unavailable(Failure.Unavailable.Cause.UNKNOWN_KEYS).asException();
        }
        return new Charge(own, all);
    }

    private Bucket bucket(long capacity, long refillPerSecond) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(capacity).refillGreedy(refillPerSecond, Duration.ofSeconds(1)))
                .withCustomTimePrecision(clock)
                .build();
    }
}
