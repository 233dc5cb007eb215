package dev.offshoot.runtime;

import com.mongodb.MongoClientSettings;
import com.mongodb.ServerAddress;
import io.quarkus.arc.Unremovable;
import io.quarkus.mongodb.runtime.MongoClientCustomizer;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the settings of the framework can't say of its database client: time limits, and the embedded store's address. */
@Singleton
@Unremovable
class DatabaseClient implements MongoClientCustomizer {
    /** No command waits longer for the database than a request may. */
    private static final int COMMAND_SECONDS = 2;

    private final DatabaseChoice choice;
    private final Instance<EmbeddedStore> embedded;

    DatabaseClient(DatabaseChoice choice, Instance<EmbeddedStore> embedded) {
        this.choice = choice;
        this.embedded = embedded;
    }

    /** Called for every client that is made. */
    @Override
    public MongoClientSettings.Builder customize(MongoClientSettings.Builder settings) {
        settings.timeout(COMMAND_SECONDS, TimeUnit.SECONDS);
        return settings.applyToClusterSettings(cluster -> {
            cluster.serverSelectionTimeout(COMMAND_SECONDS, TimeUnit.SECONDS);
            if (choice.isEmbedded()) {
                cluster.hosts(List.of(new ServerAddress(embedded.get().address())));
            }
        });
    }
}
