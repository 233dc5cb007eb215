package dev.offshoot.api.http;

import dev.offshoot.api.read.Query;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request as it came in, for what an API has to know of it before a resource does.
 *
 * @param path as the router reads it, which is what the resources are found by; still percent-encoded
 * @param address the client's, seen through the configured proxies; empty where one of them does not say it, so that no
 *     access list holds it
 * @param base scheme, host and port that the client used and the prefix, as the start of an absolute link
 * @param prefix what a configured proxy took away from the start of the path; empty for nothing
 */
public record Incoming(
        RequestId id, HttpServerRequest http, String path, Optional<InetAddress> address, String base, String prefix) {
    private static final Pattern BEARER = Pattern.compile("(?i)bearer +([^ ]+) *");
    private static final Pattern NOT_CANONICAL = Pattern.compile("(?i).*(;|/(\\.|%2e){1,2}(/|$)|//[^/]).*");

    public String method() {
        return http.method().name();
    }

    /**
     * Whether the path is canonical: without dot segments and empty ones, which the router resolves, and without matrix
     * parameters, which it drops. A path that is not canonical does not exist.
     */
    boolean hasCanonicalPath() {
        var path = sentPath();
        return hasNoMark(path) || !NOT_CANONICAL.matcher(path).matches();
    }

    /** Most paths have none of what a path that is not canonical has one of. */
    private static boolean hasNoMark(String path) {
        return path.indexOf(';') < 0 && !path.contains("//") && !path.contains("/.") && !path.contains("/%");
    }

    /** The path as the client wrote it. */
    public String sentPath() {
        return String.valueOf(http.path());
    }

    /** Whether that is the target, path and query, as the client sent it, whatever a proxy took away from its start. */
    public boolean isTarget(String uri) {
        return uri.equals(http.uri()) || uri.equals(prefix + http.uri());
    }

    /** The query, as it was sent. */
    public Query query() {
        return Query.of(http.query());
    }

    /** The value of a header that was sent once, which a credential has to be. */
    public Optional<String> only(CharSequence header) {
        var sent = http.headers().getAll(header);
        return sent.size() == 1 ? Optional.of(sent.get(0)) : Optional.empty();
    }

    /** The bearer token that was sent, if one was (RFC 6750, section 2.1). */
    public Optional<String> bearerToken() {
        return only(HttpHeaders.AUTHORIZATION)
                .map(BEARER::matcher)
                .filter(Matcher::matches)
                .map(bearer -> bearer.group(1));
    }
}
