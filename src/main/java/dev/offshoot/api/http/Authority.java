package dev.offshoot.api.http;

import dev.offshoot.value.AddressRange;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The host, and the port if there is one, that a client addressed (RFC 3986, section 3.2).
 *
 * @param text both, without an empty port
 */
record Authority(String text) {
    /** Without the comma of the grammar: it joins two headers that were sent (RFC 9110, section 5.3). */
    private static final String MARKS_OF_A_NAME = "._~!$&'()*+;=-";

    private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://(?<authority>[^/?#]*)(?:[/?].*)?");
    private static final int MAX_PORT = 65_535;
    private static final int MAX_PORT_DIGITS = 5;

    /** The authority, if it is one. An empty port counts as none. */
    static Optional<Authority> parse(String text) {
        var colon = text.indexOf(':', text.lastIndexOf(']') + 1);
        var host = colon < 0 ? text : text.substring(0, colon);
        if (!isHost(host) || !isPort(text, colon)) {
            return Optional.empty();
        }
        return Optional.of(new Authority(colon == text.length() - 1 ? host : text));
    }

    /**
     * What the request addresses: with a target in absolute form that target's, whatever {@code Host} says (RFC 9112,
     * section 3.2.2). Nothing where it addresses none, or something malformed.
     */
    static Optional<Authority> of(HttpServerRequest http) {
        if (http.version() == HttpVersion.HTTP_2) {
            return Optional.ofNullable(http.authority()).flatMap(named -> parse(named.toString()));
        }
        return isAbsolute(http) ? ofTarget(http) : ofHost(http);
    }

    /** Of the target, which has to be in absolute form. */
    static Optional<Authority> ofTarget(HttpServerRequest http) {
        return Optional.of(ABSOLUTE.matcher(http.uri()))
                .filter(Matcher::matches)
                .flatMap(absolute -> parse(absolute.group("authority")));
    }

    /** Of the one {@code Host} header. */
    static Optional<Authority> ofHost(HttpServerRequest http) {
        var sent = http.headers().getAll("Host");
        return sent.size() == 1 ? parse(sent.get(0)) : Optional.empty();
    }

    static boolean isAbsolute(HttpServerRequest http) {
        return !http.uri().startsWith("/");
    }

    /** A name, or an address in brackets. */
    private static boolean isHost(String text) {
        return text.startsWith("[")
                ? text.endsWith("]")
                        && AddressRange.parseAddress(text.substring(1, text.length() - 1))
                                .isPresent()
                : !text.isEmpty() && Target.isMadeOf(MARKS_OF_A_NAME, text) && isAscii(text);
    }

    private static boolean isAscii(String text) {
        for (var at = 0; at < text.length(); at++) {
            if (text.charAt(at) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** Whether there is none behind the colon, or a number that a port can have. */
    private static boolean isPort(String text, int colon) {
        var first = colon < 0 ? text.length() : colon + 1;
        if (text.length() - first > MAX_PORT_DIGITS) {
            return false;
        }
        var port = 0;
        for (var at = first; at < text.length(); at++) {
            var digit = text.charAt(at) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            port = port * 10 + digit;
        }
        return port <= MAX_PORT;
    }

    @Override
    public String toString() {
        return text;
    }
}
