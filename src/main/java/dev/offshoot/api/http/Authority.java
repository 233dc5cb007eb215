package dev.offshoot.api.http;

import dev.offshoot.value.AddressRange;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The host, and the port if there is one, that a client addressed (RFC 3986, section 3.2).
 *
 * @param text both, without an empty port
 */
record Authority(String text) {
    /** Without the comma of the grammar: it joins two headers that were sent (RFC 9110, section 5.3). */
    private static final String NAME = "(?:[A-Za-z0-9._~!$&'()*+;=-]|%[0-9A-Fa-f]{2})+";

    private static final Pattern FORM =
            Pattern.compile("(?<host>" + NAME + "|\\[(?<address>[0-9A-Fa-f:.]+)])(?::(?<port>[0-9]{0,5}))?");
    private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://(?<authority>[^/?#]*)(?:[/?].*)?");
    private static final int MAX_PORT = 65_535;

    /** The authority, if it is one. An empty port counts as none. */
    static Optional<Authority> parse(String text) {
        var form = FORM.matcher(text);
        if (!form.matches() || !isAddress(form.group("address"))) {
            return Optional.empty();
        }
        var port = form.group("port");
        if (port == null || port.isEmpty()) {
            return Optional.of(new Authority(form.group("host")));
        }
        return Integer.parseInt(port) <= MAX_PORT ? Optional.of(new Authority(text)) : Optional.empty();
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

    private static boolean isAddress(@Nullable String literal) {
        return literal == null || AddressRange.parseAddress(literal).isPresent();
    }

    @Override
    public String toString() {
        return text;
    }
}
