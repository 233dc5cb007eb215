package dev.offshoot.runtime;

import jakarta.enterprise.inject.Instance;
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
            OffshootConfig config,
            Instance<EmbeddedStore> embedded) {
        isSet = connectionString.isPresent();
        demo = config.demo();
        built = embedded.isResolvable();
    }

    boolean isEmbedded() {
        return !isSet && demo && built;
    }

    /** Refuses the start with a sentence that says what to set. */
    void require() {
        if (!isSet && !isEmbedded()) {
            throw new StartRefused(
                    "Offshoot has no database and does not start. Set QUARKUS_MONGODB_CONNECTION_STRING to a MongoDB"
                            + " connection string; or, to try it out on a JVM, set OFFSHOOT_DEMO=true, which uses an"
                            + " embedded store that is not for production.");
        }
    }
}
