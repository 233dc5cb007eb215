package dev.offshoot.runtime.demo;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.runtime.NewInstallation;
import dev.offshoot.runtime.Started;
import dev.offshoot.runtime.checks.DatabaseChoice;
import dev.offshoot.settings.Settings;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Gives a new demo store's root partner a key, and prints the key once, with calls ready to paste. It is created before
 * the start connects to the database: on Java 25 the threads of the database client, which fire the event, lack the
 * class loader that creating a bean with settings needs.
 */
@Singleton
@Startup(Interceptor.Priority.LIBRARY_BEFORE)
class DemoWelcome {
    private static final Logger LOG = Logger.getLogger(DemoWelcome.class);

    private final DatabaseChoice database;
    private final Settings settings;
    private final int port;

    DemoWelcome(DatabaseChoice database, Settings settings, @ConfigProperty(name = "quarkus.http.port") int port) {
        this.database = database;
        this.settings = settings;
        this.port = port;
    }

    void mintKey(@Observes NewInstallation installation) {
        if (database.isDemoStore()) {
            installation.useRootKey(KeySecret.mint());
        }
    }

    void welcome(@Observes Started start) {
        if (database.isDemoStore()) {
            start.mintedRootKey().ifPresent(this::print);
            LOG.warnf("This is a demo store, not for production: file=%s", settings.demoStore());
        }
    }

    /** Prints to standard output and not to the log, because the text contains the key. */
    private void print(KeySecret key) {
        System.out.println("""

                This is a demonstration with a new store. Its root partner's key is shown this once:

                  export OFFSHOOT_KEY=%s

                Create a customer organisation, list all, and read the API's description:

                  curl -s -H "x-api-key: $OFFSHOOT_KEY" -H "Content-Type: application/json" \\
                    -d '{"organisation_name":"Example Child Organisation","country":"GB","division_timezone":"Europe/London"}' \\
                    http://localhost:%d/organisations
                  curl -s -H "x-api-key: $OFFSHOOT_KEY" http://localhost:%d/organisations
                  http://localhost:%d/q/swagger-ui
                """.formatted(key.reveal(), port, port, port));
    }
}
