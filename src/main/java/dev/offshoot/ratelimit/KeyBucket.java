package dev.offshoot.ratelimit;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.local.SynchronizationStrategy;
import java.time.Duration;

/**
 * The token bucket of one key. It begins full. A new limit counts from the next call: a greater burst adds the
 * difference, of a smaller one the tokens above it are lost, and a debt stays.
 */
final class KeyBucket {
    private final Bucket bucket;
    private RateLimit limit;

    KeyBucket(RateLimit limit, TimeMeter time) {
        this.limit = limit;
        this.bucket = Bucket.builder()
                .addLimit(configuration(limit).getBandwidths()[0])
                .withCustomTimePrecision(time)
                .withSynchronizationStrategy(SynchronizationStrategy.NONE)
                .build();
    }

    /** Takes the tokens, if they are there. More than the burst are taken from a full bucket, which then is in debt. */
    synchronized RateLimitResult take(RateLimit current, long tokens) {
        adopt(current);
        var allowed = bucket.tryConsume(Math.min(tokens, limit.burst()));
        if (allowed && tokens > limit.burst()) {
            bucket.consumeIgnoringRateLimits(tokens - limit.burst());
        }
        return new RateLimitResult(limit, allowed, bucket.getAvailableTokens());
    }

    /** Finds out whether there is a token, and takes none. */
    synchronized RateLimitResult ask(RateLimit current) {
        adopt(current);
        var tokens = bucket.getAvailableTokens();
        return new RateLimitResult(limit, tokens > 0, tokens);
    }

    private void adopt(RateLimit current) {
        if (!current.equals(limit)) {
            limit = current;
            bucket.replaceConfiguration(configuration(current), TokensInheritanceStrategy.ADDITIVE);
        }
    }

    private static BucketConfiguration configuration(RateLimit limit) {
        return BucketConfiguration.builder()
                .addLimit(bandwidth -> bandwidth
                        .capacity(limit.burst())
                        .refillGreedy(limit.requestsPerSecond(), Duration.ofSeconds(1)))
                .build();
    }
}
