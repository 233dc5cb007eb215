package dev.offshoot.api.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/** What a request is aimed at (RFC 9112, section 3.2): whether it can be read, and which path it is. */
final class Target {
    private static final String MARKS_OF_A_PATH = "-._~!$&'()*+,;=:@/";
    private static final String MARKS_OF_A_QUERY = MARKS_OF_A_PATH + "?[]";

    /** What an address that is no path would be in an API. */
    private static final String NONE = "/";

    private Target() {}

    /** The path as the router reads it, still percent-encoded. One that it can't read is that which was sent. */
    static String path(RoutingContext routing) {
        if (!hasPath(routing.request())) {
            return NONE;
        }
        try {
            return routing.normalizedPath();
        } catch (IllegalArgumentException malformed) {
            return routing.request().path();
        }
    }

    static boolean hasPath(HttpServerRequest http) {
        return http.path() != null && http.path().startsWith("/");
    }

    /** Whether path and query are made of what a URI can hold (RFC 3986, section 3), or of bytes that are not ASCII. */
    static boolean isWellFormed(HttpServerRequest http) {
        return hasPath(http)
                && http.uri().indexOf('#') < 0
                && isMadeOf(MARKS_OF_A_PATH, http.path())
                && (http.query() == null || isMadeOf(MARKS_OF_A_QUERY, http.query()));
    }

    /** Whether the text is letters, digits, the marks, percent-encoded bytes, and characters that are not ASCII. */
    static boolean isMadeOf(String marks, String text) {
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '%') {
                if (!isHexDigit(text, i + 1) || !isHexDigit(text, i + 2)) {
                    return false;
                }
            } else if (c < 0x80 && !isLetterOrDigit(c) && marks.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHexDigit(String text, int at) {
        return at < text.length() && Character.digit(text.charAt(at), 16) >= 0;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
