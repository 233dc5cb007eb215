package dev.offshoot.runtime.checks;

import com.mongodb.connection.ClusterSettings;
import dev.offshoot.settings.Settings;
import jakarta.enterprise.inject.spi.BeanContainer;
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
            Settings settings,
            BeanContainer beans) {
        this(connectionString.isPresent(), settings.demo(), hasDemoStore(beans));
    }

    DatabaseChoice(boolean isSet, boolean demo, boolean hasDemoStore) {
        this.isSet = isSet;
        this.demo = demo;
        this.hasDemoStore = hasDemoStore;
    }

    /** The demo store is the one observer of a client that is being made. A native image has none. */
    private static boolean hasDemoStore(BeanContainer beans) {
        return !beans.resolveObserverMethods(ClusterSettings.builder()).isEmpty();
    }

    /** Whether it is the demo store, which a native image does not have. */
    public boolean isDemoStore() {
        return !isSet && demo && hasDemoStore;
    }
}
