package dev.offshoot.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.offshoot.value.KeyId;
import io.github.bucket4j.TimeMeter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Limits the rate of each key on this replica, from memory. It keeps the buckets of at most {@value #MAX_BUCKETS} keys,
 * about 5 MB. If more keys are limited, it forgets those that call least, and these begin again with a full bucket:
 * the limits then are looser, and no key loses anything.
 */
@ApplicationScoped
public class RateLimiter {
    static final int MAX_BUCKETS = 10_000;

    private final Cache<KeyId, KeyBucket> buckets =
            Caffeine.newBuilder().maximumSize(MAX_BUCKETS).build();
    private final TimeMeter time;

    RateLimiter(TimeMeter time) {
        this.time = time;
    }

    /**
     * Takes a key's tokens, or none if they are not there. Empty if the key has no limit.
     *
     * @param limit the limit that the key has now, if it has one
     * @param tokens how many to take; 0 only asks whether there is one
     */
    public Optional<RateLimitResult> take(KeyId key, @Nullable RateLimit limit, long tokens) {
        return Optional.ofNullable(limit).map(current -> take(bucket(key, current), current, tokens));
    }

    /** How many keys have a bucket now. */
    long size() {
        buckets.cleanUp();
        return buckets.estimatedSize();
    }

    private KeyBucket bucket(KeyId key, RateLimit limit) {
        return buckets.get(key, first -> new KeyBucket(limit, time));
    }

    private static RateLimitResult take(KeyBucket bucket, RateLimit limit, long tokens) {
        return tokens == 0 ? bucket.ask(limit) : bucket.take(limit, tokens);
    }
}
