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
    /** A command waits no longer for the database than the default time limit of a request. */
    private static final int COMMAND_SECONDS = 2;

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
        settings.applyToConnectionPoolSettings(pool -> pool.addConnectionPoolListener(pools));
        settings.timeout(COMMAND_SECONDS, TimeUnit.SECONDS);
        return settings.applyToClusterSettings(cluster -> {
            cluster.serverSelectionTimeout(COMMAND_SECONDS, TimeUnit.SECONDS);
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
