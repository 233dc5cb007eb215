package dev.offshoot.ratelimit;

import dev.offshoot.failure.Failure;

/**
 * The result of asking for tokens, and the bucket's state after it.
 *
 * @param allowed whether the tokens were there
 * @param tokens the whole tokens in the bucket; below zero if it is in debt
 */
public record RateLimitResult(RateLimit limit, boolean allowed, long tokens) {

    /** Returns how many tokens are left. A debt counts as none. */
    public long remaining() {
        return Math.max(0, tokens);
    }

    /** Returns how long the bucket takes until it is full, rounded up. */
    public long secondsUntilFull() {
        return limit.secondsFor(limit.burst() - tokens);
    }

    /** Returns the failure of a request that found no token. */
    public Failure failure() {
        return new Failure.RateLimited(limit.requestsPerSecond(), Math.max(1, limit.secondsFor(1 - tokens)));
    }
}
