package dev.offshoot.api.connection;

import static java.util.Objects.requireNonNull;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.offshoot.api.connection.ConnectionPool.Limits;
import dev.offshoot.api.connection.ConnectionPool.Reason;
import dev.offshoot.settings.Settings;
import dev.offshoot.value.ClientNetwork;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServer;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Bounds the connections of both ports, each for itself, so that the management port answers whatever happens on the other.
 */
@Singleton
class Connections {
    private static final Logger LOG = Logger.getLogger(Connections.class);
    private static final long CHECK_MILLIS = 1000;

    /** What the database's connections, the management port's, files and event loops need. */
    private static final int OTHER_DESCRIPTORS = 400;

    /** Probes and collectors of metrics have one each. */
    private static final int MAX_FOR_MANAGEMENT = 100;

    private final Vertx vertx;
    private final HttpServer server;
    private final TrustedProxies proxies;
    private final Map<Reason, Counter> closed = new EnumMap<>(Reason.class);
    private final ConnectionPool apis;
    private final ConnectionPool management;

    Connections(Vertx vertx, HttpServer server, TrustedProxies proxies, Settings settings, MeterRegistry metrics) {
        this.vertx = vertx;
        this.server = server;
        this.proxies = proxies;
        var http = settings.http().connections();
        var max = most(http.max());
        this.apis = new ConnectionPool(
                new Limits(
                        max,
                        Math.min(http.maxPerAddress(), max),
                        http.maxStreams(),
                        http.idleTimeout(),
                        http.answerTimeout(),
                        http.maxUnread().asLongValue(),
                        true),
                this::count);
        this.management = new ConnectionPool(
                new Limits(
                        MAX_FOR_MANAGEMENT,
                        MAX_FOR_MANAGEMENT,
                        http.maxStreams(),
                        http.idleTimeout(),
                        http.answerTimeout(),
                        http.maxUnread().asLongValue(),
                        false),
                reason -> {});
        for (var reason : Reason.values()) {
            closed.put(
                    reason,
                    Counter.builder("offshoot.http.connections.closed")
                            .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                            .description("Connections that the service closed by itself")
                            .register(metrics));
        }
        Gauge.builder("offshoot.http.connections", apis, ConnectionPool::size)
                .description("Open connections of clients")
                .strongReference(true)
                .register(metrics);
        Gauge.builder("offshoot.http.unread.bytes", apis, ConnectionPool::unread)
                .description("Bytes of answers that wait to be read by their clients")
                .strongReference(true)
                .register(metrics);
    }

    /** A process that is not shown its connections does not start, because nothing of this would take effect. */
    void start(@Observes StartupEvent event) {
        if (!ConnectionExtension.isOn()) {
            throw new IllegalStateException(
                    "connections can't be bounded: " + ConnectionExtension.EXTENSIONS_SYSTEM_PROPERTY + " is not set");
        }
        ConnectionExtension.onAccepted(this::accepted);
        vertx.setPeriodic(CHECK_MILLIS, timer -> {
            apis.check();
            management.check();
        });
    }

    void stop(@Observes ShutdownEvent event) {
        ConnectionExtension.onAccepted(channel -> {});
    }

    private void accepted(Channel channel) {
        pool(channel).ifPresent(pool -> channel.pipeline().addFirst(new Connection(pool, channel, network(channel))));
    }

    /** The demonstration's store has a port, too, which is not for clients. */
    private Optional<ConnectionPool> pool(Channel channel) {
        if (!(channel.localAddress() instanceof InetSocketAddress local)) {
            return Optional.empty();
        }
        var port = local.getPort();
        if (port == server.getPort() || port == server.getSecurePort()) {
            return Optional.of(apis);
        }
        return port == server.getManagementPort() ? Optional.of(management) : Optional.empty();
    }

    /** A trusted proxy has the connections of many clients. */
    private Optional<ClientNetwork> network(Channel channel) {
        return Optional.ofNullable((InetSocketAddress) channel.remoteAddress())
                .map(InetSocketAddress::getAddress)
                .filter(address -> !proxies.contain(address))
                .map(ClientNetwork::of);
    }

    private void count(Reason reason) {
        requireNonNull(closed.get(reason)).increment();
    }

    /** No more than the process has descriptors for: at the last one, nobody could connect to any port. */
    private static int most(int configured) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            var left = system.getMaxFileDescriptorCount() - OTHER_DESCRIPTORS;
            if (left < configured) {
                var most = (int) Math.max(left, 1);
                LOG.warnf(
                        "The process may not open enough files for all connections: allow it more, with ulimit -n:"
                                + " max=%d connections=%d files=%d",
                        configured, most, system.getMaxFileDescriptorCount());
                return most;
            }
        }
        return configured;
    }
}
