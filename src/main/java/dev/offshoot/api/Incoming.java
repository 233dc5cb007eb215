package dev.offshoot.api;

import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.regex.Pattern;

/**
 * A request as it came in, for what an API has to know of it before a resource does.
 *
 * @param path as the router reads it, which is what the resources are found by; still percent-encoded
 * @param address the client's, seen through the configured proxies
 * @param base scheme, host and port that the client used, as the start of an absolute link
 */
public record Incoming(RequestId id, HttpServerRequest http, String path, InetAddress address, String base) {
    private static final Pattern UNEVEN = Pattern.compile("(?i).*(;|/(\\.|%2e){1,2}(/|$)|//[^/]).*");

    public String method() {
        return http.method().name();
    }

    /**
     * Whether the path means what it says: without dot segments and empty ones, which the router has resolved, and
     * without matrix parameters, which it drops. Any other is the path of nothing.
     */
    boolean isEven() {
        return !UNEVEN.matcher(sentPath()).matches();
    }

    /** The path as the client wrote it. */
    public String sentPath() {
        return String.valueOf(http.path());
    }

    /** Path and query, as they were sent. */
    public String target() {
        return http.uri();
    }
}
