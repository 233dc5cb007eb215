package dev.offshoot.testing;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.mongodb.MongoClientSettings;
import io.quarkus.mongodb.runtime.MongoClientCustomizer;
import jakarta.annotation.Priority;
import jakarta.decorator.Decorator;
import jakarta.decorator.Delegate;
import jakarta.enterprise.inject.Any;
import jakarta.inject.Inject;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Has the driver find a database again soon that was cut off. Else it waits for half a second between two looks, and each
 * test that cuts does so too.
 */
@Decorator
@Priority(1)
public class QuickHeartbeat implements MongoClientCustomizer {
    /** The setting that says how long a command looks for a server; the service's own time if it is absent. */
    static final String SELECTION_MILLIS = "test-run.server-selection-millis";

    private static final int LONGEST_MILLIS = 100;
    private static final int SHORTEST_MILLIS = 10;

    @Inject
    @Any
    @Delegate
    MongoClientCustomizer client;

    @ConfigProperty(name = SELECTION_MILLIS)
    Optional<Integer> selectionMillis;

    @Override
    public MongoClientSettings.Builder customize(MongoClientSettings.Builder settings) {
        return client.customize(settings)
                .applyToServerSettings(server -> server.heartbeatFrequency(LONGEST_MILLIS, MILLISECONDS)
                        .minHeartbeatFrequency(SHORTEST_MILLIS, MILLISECONDS))
                .applyToClusterSettings(cluster ->
                        selectionMillis.ifPresent(millis -> cluster.serverSelectionTimeout(millis, MILLISECONDS)));
    }
}
