package dev.offshoot.api.http;

import io.netty.handler.codec.http.HttpMessageDecoderResult;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/** What the head of a message says of its body and its connection (RFC 9112, sections 6 and 9). */
final class Message {
    private static final String CHUNKED = "chunked";
    private static final String SEPARATOR = ": ";

    private Message() {}

    /** Whether it is of a version that is spoken here. The HTTP library has no name for any other. */
    static boolean hasKnownVersion(HttpServerRequest http) {
        return http.version() != null;
    }

    /** Whether its end is known: without a transfer coding, or with chunked alone (RFC 9112, section 7). */
    static boolean hasKnownFraming(HttpServerRequest http) {
        var codings = http.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        return codings.isEmpty()
                || (codings.size() == 1 && codings.get(0).strip().equalsIgnoreCase(CHUNKED));
    }

    /**
     * Whether its length is given in two ways that may differ, or by one that its version does not have: a proxy may have
     * read another (RFC 9112, sections 6.1 and 6.3).
     */
    static boolean hasDoubtfulFraming(HttpServerRequest http) {
        return http.headers().contains(HttpHeaders.TRANSFER_ENCODING)
                && (http.version() == HttpVersion.HTTP_1_0 || hidesHeader(http));
    }

    /**
     * Whether the head was longer than the headers that are left of it, as they are commonly written. The HTTP library
     * takes {@code Content-Length} away beside {@code Transfer-Encoding}, and says only how long all lines were.
     */
    private static boolean hidesHeader(HttpServerRequest http) {
        var common = http.headers().entries().stream()
                .mapToInt(header -> header.getKey().length()
                        + SEPARATOR.length()
                        + header.getValue().length())
                .sum();
        return http.decoderResult() instanceof HttpMessageDecoderResult head && head.headerSize() > common;
    }

    static boolean hasBody(HttpServerRequest http) {
        return http.headers().contains(HttpHeaders.TRANSFER_ENCODING) || declaredLength(http) > 0;
    }

    /** The HTTP server has refused whatever is no number. */
    static long declaredLength(HttpServerRequest http) {
        var length = http.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length);
    }

    /** Whether the client waits to be asked for its body. HTTP/1.0 does not know of it (RFC 9110, section 10.1.1). */
    static boolean waitsToBeAsked(HttpServerRequest http) {
        return http.version() != HttpVersion.HTTP_1_0
                && http.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)
                && hasBody(http);
    }
}
