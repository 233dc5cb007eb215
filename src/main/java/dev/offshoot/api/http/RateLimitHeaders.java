package dev.offshoot.api.http;

import dev.offshoot.ratelimit.RateLimitResult;
import io.vertx.core.http.HttpServerResponse;

/**
 * Tells a client its key's rate limit and what is left of it (draft-ietf-httpapi-ratelimit-headers-10). The headers are
 * set on the response of the HTTP server, so that whatever answers has them.
 */
public final class RateLimitHeaders {
    private static final String POLICY = "RateLimit-Policy";
    private static final String LEFT = "RateLimit";

    private RateLimitHeaders() {}

    public static void put(HttpServerResponse response, RateLimitResult result) {
        var limit = result.limit();
        response.putHeader(POLICY, "\"key\";q=" + limit.burst() + ";w=" + limit.secondsToFill());
        response.putHeader(LEFT, "\"key\";r=" + result.remaining() + ";t=" + result.secondsUntilFull());
    }
}
