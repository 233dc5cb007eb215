package dev.offshoot.runtime.checks;

import dev.offshoot.settings.Settings;
import io.quarkus.runtime.ImageMode;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Which database this process uses: the one that is set, in a demonstration on a JVM the demo store, or none. */
@Singleton
public class DatabaseChoice {
    private final boolean isSet;
    private final boolean demo;
    private final boolean hasDemoStore;

    @Inject
    DatabaseChoice(
            @ConfigProperty(name = "quarkus.mongodb.connection-string") Optional<String> connectionString,
            Settings settings) {
        this(connectionString.isPresent(), settings.demo(), !ImageMode.current().isNativeImage());
    }

    DatabaseChoice(boolean isSet, boolean demo, boolean hasDemoStore) {
        this.isSet = isSet;
        this.demo = demo;
        this.hasDemoStore = hasDemoStore;
    }

    /** Whether it is the demo store, which a native image does not have. */
    public boolean isDemoStore() {
        return !isSet && demo && hasDemoStore;
    }
}
