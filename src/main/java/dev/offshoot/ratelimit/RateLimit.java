package dev.offshoot.ratelimit;

import org.bson.codecs.pojo.annotations.BsonProperty;

/**
 * The rate limit of each key of an organisation. A key has a bucket of tokens, and a request takes one.
 *
 * @param requestsPerSecond how many tokens a bucket gets per second
 * @param burst how many tokens a bucket holds
 */
public record RateLimit(@BsonProperty("requests_per_second") long requestsPerSecond, long burst) {
    /** The greatest rate and the greatest burst; the least of both is 1. */
    public static final long MAX = 1_000_000;

    /** Returns how long an empty bucket takes to fill, rounded up. */
    public long secondsToFill() {
        return secondsFor(burst);
    }

    /** Returns how long a bucket takes to get so many tokens, rounded up. */
    long secondsFor(long tokens) {
        return (tokens + requestsPerSecond - 1) / requestsPerSecond;
    }
}
