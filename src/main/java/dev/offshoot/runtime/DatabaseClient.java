package dev.offshoot.runtime;

import com.mongodb.MongoClientSettings;
import com.mongodb.ServerAddress;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.mongodb.MongoConnectionPoolTagsProvider;
import io.micrometer.core.instrument.binder.mongodb.MongoMetricsConnectionPoolListener;
import io.quarkus.arc.Unremovable;
import io.quarkus.mongodb.runtime.MongoClientCustomizer;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What the settings of the framework can't say of its database client: time limits, and the embedded store's address. */
@Singleton
@Unremovable
class DatabaseClient implements MongoClientCustomizer {
    /** No command waits longer for the database than a request may. */
    private static final int COMMAND_SECONDS = 2;

    private final DatabaseChoice choice;
    private final Instance<EmbeddedStore> embedded;
    private final MeterRegistry metrics;
    private final AtomicInteger clients = new AtomicInteger();

    DatabaseClient(DatabaseChoice choice, Instance<EmbeddedStore> embedded, MeterRegistry metrics) {
        this.choice = choice;
        this.embedded = embedded;
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
            if (choice.isEmbedded()) {
                cluster.hosts(List.of(new ServerAddress(embedded.get().address())));
            }
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
