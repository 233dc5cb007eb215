package dev.offshoot.api.http;

import dev.offshoot.api.connection.TrustedProxies;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request looked like to the client that sent it. {@code X-Forwarded-*} headers are believed only when a
 * configured proxy sent them; of a chain of addresses the rightmost that is no such proxy's is the client's.
 */
@ApplicationScoped
public class Proxies {
    /** Host names may hold an underscore: not by DNS, but those of containers and clusters do. */
    private static final Pattern AUTHORITY =
            Pattern.compile("(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(?:" + ForwardedAddress.PORT + ")?");

    /** Segments of a path (RFC 3986, section 3.3), as a proxy may have taken them away. */
    private static final Pattern PREFIX =
            Pattern.compile("(?:/(?!\\.{1,2}(?:/|$))(?:[A-Za-z0-9._~!$&'()*+;=:@-]|%[0-9A-Fa-f]{2})+)+");

    private static final int MAX_PREFIX_LENGTH = 256;

    private final TrustedProxies trusted;

    Proxies(TrustedProxies trusted) {
        this.trusted = trusted;
    }

    Incoming see(RequestId id, RoutingContext routing) {
        var http = routing.request();
        var path = Target.path(routing);
        var peer = peer(http);
        if (!trusted.contain(peer)) {
            return new Incoming(id, http, path, Optional.of(peer), base(http.scheme(), authority(http)), "");
        }
        var prefix = forwardedPrefix(http);
        return new Incoming(id, http, path, client(http, peer), forwardedBase(http) + prefix, prefix);
    }

    /** The client's address, as {@link Incoming#address} has it. */
    Optional<InetAddress> address(HttpServerRequest http) {
        var peer = peer(http);
        return trusted.contain(peer) ? client(http, peer) : Optional.of(peer);
    }

    /** Who sent the request itself, be it a client or a proxy. */
    public static InetAddress peer(Incoming request) {
        return peer(request.http());
    }

    /**
     * Whom a peer that is known otherwise says it forwards: the rightmost address that is no configured proxy's. Nobody
     * where it says none, or something that is no address.
     */
    public Optional<InetAddress> forwardedFor(Incoming request) {
        var chain = chain(request.http());
        for (var hop = chain.size() - 1; hop >= 0; hop--) {
            var address = ForwardedAddress.parse(chain.get(hop));
            if (address.isEmpty() || !trusted.contain(address.get())) {
                return address;
            }
        }
        return Optional.empty();
    }

    private static InetAddress peer(HttpServerRequest http) {
        return ((InetSocketAddress) LastAnswer.connection(http).channel().remoteAddress()).getAddress();
    }

    private static List<String> chain(HttpServerRequest http) {
        var chain = new ArrayList<String>();
        http.headers().getAll("X-Forwarded-For").forEach(value -> chain.addAll(Arrays.asList(value.split(",", -1))));
        return chain;
    }

    /** Of a hop that can't be read nobody knows the address; it is not the proxy's. */
    private Optional<InetAddress> client(HttpServerRequest http, InetAddress peer) {
        var chain = chain(http);
        var nearest = Optional.of(peer);
        for (var hop = chain.size() - 1;
                hop >= 0 && nearest.filter(trusted::contain).isPresent();
                hop--) {
            nearest = ForwardedAddress.parse(chain.get(hop));
        }
        return nearest;
    }

    private static String forwardedBase(HttpServerRequest http) {
        var scheme = last(http, "X-Forwarded-Proto")
                .map(proto -> proto.toLowerCase(Locale.ROOT))
                .filter(proto -> proto.equals("https") || proto.equals("http"))
                .orElse(String.valueOf(http.scheme()));
        var authority = last(http, "X-Forwarded-Host")
                .map(host -> withoutLast(host, ":"))
                .filter(host -> AUTHORITY.matcher(host).matches())
                .orElseGet(() -> authority(http));
        return base(scheme, authority);
    }

    private static String forwardedPrefix(HttpServerRequest http) {
        return last(http, "X-Forwarded-Prefix")
                .map(prefix -> withoutLast(prefix, "/"))
                .filter(prefix -> prefix.length() <= MAX_PREFIX_LENGTH
                        && PREFIX.matcher(prefix).matches())
                .orElse("");
    }

    /** What the nearest proxy said: the last value of the last header of that name. */
    private static Optional<String> last(HttpServerRequest http, String header) {
        var sent = http.headers().getAll(header);
        return sent.isEmpty()
                ? Optional.empty()
                : Optional.of(sent.get(sent.size() - 1)).map(values -> values.substring(values.lastIndexOf(',') + 1)
                        .strip());
    }

    private static String withoutLast(String text, String end) {
        return text.endsWith(end) ? text.substring(0, text.length() - end.length()) : text;
    }

    /** HTTP/1.0 knows requests without a host. */
    private static String authority(HttpServerRequest http) {
        return Authority.of(http).map(Authority::text).orElseGet(() -> http.localAddress()
                .toString());
    }

    private static String base(@Nullable String scheme, String authority) {
        return scheme + "://" + authority;
    }
}
