package dev.offshoot.runtime;

import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Which database this process uses: the one that is set, or in a demonstration the embedded one, or none and no start. */
@Singleton
public class DatabaseChoice {
    private final boolean isSet;
    private final boolean demo;
    private final boolean built;

    @Inject
    DatabaseChoice(
            @ConfigProperty(name = "quarkus.mongodb.connection-string") Optional<String> connectionString,
            OffshootConfig config,
            Instance<EmbeddedStore> embedded) {
        this(connectionString.isPresent(), config.demo(), embedded.isResolvable());
    }

    DatabaseChoice(boolean isSet, boolean demo, boolean built) {
        this.isSet = isSet;
        this.demo = demo;
        this.built = built;
    }

    boolean isEmbedded() {
        return !isSet && demo && built;
    }
}
