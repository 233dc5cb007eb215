package dev.offshoot.runtime;

import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Which database this process uses: the one that is set, or in a demonstration the embedded one, or none and no start. */
@Singleton
public class DatabaseChoice {
    private final boolean isSet;
    private final boolean demo;
    private final boolean built;

    DatabaseChoice(
            @ConfigProperty(name = "quarkus.mongodb.connection-string") Optional<String> connectionString,
            OffshootConfig config) {
        isSet = connectionString.isPresent();
        demo = config.demo();
        built = config.embeddedStore();
    }

    boolean isEmbedded() {
        return !isSet && demo && built;
    }
}
