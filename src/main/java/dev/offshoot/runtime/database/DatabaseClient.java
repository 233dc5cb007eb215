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
 * What the settings of the framework can't say of its database client: time limits, and the metrics of its pool. Which
 * servers it connects to may be changed by an observer of {@link ClusterSettings.Builder}.
 */
@Singleton
@Unremovable
class DatabaseClient implements MongoClientCustomizer {
    /** No command waits longer for the database than a request may. */
    private static final int COMMAND_SECONDS = 2;

    private final Event<ClusterSettings.Builder> connecting;
    private final MeterRegistry metrics;
    private final AtomicInteger clients = new AtomicInteger();

    DatabaseClient(Event<ClusterSettings.Builder> connecting, MeterRegistry metrics) {
        this.connecting = connecting;
        this.metrics = metrics;
    }

    /** Called for every client that is made. */
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

    /** Not by the client's own id, which is another one after each start. */
    private static MongoConnectionPoolTagsProvider tags(int client) {
        return pool -> Tags.of(
                "client",
                String.valueOf(client),
                "server",
                pool.getServerId().getAddress().toString());
    }
}
