package dev.offshoot.api;

import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;

/**
 * A request as it came in, for what an API has to know of it before a resource does.
 *
 * @param address the client's, seen through the configured proxies
 * @param base scheme, host and port that the client used, as the start of an absolute link
 */
public record Incoming(RequestId id, HttpServerRequest http, InetAddress address, String base) {

    public String method() {
        return http.method().name();
    }

    /** Still percent-encoded. */
    public String path() {
        return http.path();
    }

    /** Path and query, as they were sent. */
    public String target() {
        return http.uri();
    }
}
