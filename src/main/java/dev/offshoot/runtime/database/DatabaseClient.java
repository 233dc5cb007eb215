package dev.offshoot.runtime.database;

import com.mongodb.MongoClientSettings;
import com.mongodb.connection.ClusterSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.mongodb.MongoConnectionPoolTagsProvider;
import io.micrometer.core.instrument.binder.mongodb.MongoMetricsConnectionPoolListener;
import io.quarkus.arc.Unremovable;
import io.quarkus.mongodb.runtime.MongoClientCustomizer;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sets what the framework's settings can't set on its database client: time limits, and the metrics of its pool. An
 * observer of {@link ClusterSettings.Builder} may change which servers the client connects to.
 */
@Singleton
@Unremovable
class DatabaseClient implements MongoClientCustomizer {
    /** A little longer than a request waits: a command that times out costs its connection. */
    private static final int COMMAND_MILLIS = 2500;

    /** Shorter than a request waits, so that the request learns that there is no server. */
    private static final int SELECTION_MILLIS = 1900;

    /** The driver's two take too long to make a pool anew that a slow database has emptied. */
    private static final int CONNECTING_AT_ONCE = 16;

    /** How often the pool is filled to its minimum. */
    private static final int MAINTENANCE_SECONDS = 1;

    private final Event<ClusterSettings.Builder> connecting;
    private final MeterRegistry metrics;
    private final AtomicInteger clients = new AtomicInteger();

    DatabaseClient(Event<ClusterSettings.Builder> connecting, MeterRegistry metrics) {
        this.connecting = connecting;
        this.metrics = metrics;
    }

    /** Customises every client that is created. */
    @Override
    public MongoClientSettings.Builder customize(MongoClientSettings.Builder settings) {
        var pools = new MongoMetricsConnectionPoolListener(metrics, tags(clients.incrementAndGet()));
        settings.applyToConnectionPoolSettings(pool -> pool.addConnectionPoolListener(pools)
                .maxConnecting(CONNECTING_AT_ONCE)
                .maintenanceFrequency(MAINTENANCE_SECONDS, TimeUnit.SECONDS));
        settings.timeout(COMMAND_MILLIS, TimeUnit.MILLISECONDS);
        return settings.applyToClusterSettings(cluster -> {
            cluster.serverSelectionTimeout(SELECTION_MILLIS, TimeUnit.MILLISECONDS);
            connecting.fire(cluster);
        });
    }

    /** Numbers the clients in order of creation, because a client's own id changes with every start. */
    private static MongoConnectionPoolTagsProvider tags(int client) {
        return pool -> Tags.of(
                "client",
                String.valueOf(client),
                "server",
                pool.getServerId().getAddress().toString());
    }
}
