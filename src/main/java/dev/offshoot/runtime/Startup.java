package dev.offshoot.runtime;

import com.mongodb.MongoException;
import dev.offshoot.runtime.checks.StartRefused;
import dev.offshoot.runtime.cli.Offshoot;
import dev.offshoot.runtime.database.Migrations;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.annotations.CommandLineArguments;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Prepares the process before the first request: it migrates the database and creates the root partner if it is
 * missing.
 */
@Singleton
class Startup {
    private static final Logger LOG = Logger.getLogger(Startup.class);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Migrations migrations;
    private final RootPartner root;
    private final Event<Started> started;
    private final String[] arguments;
    private final AtomicBoolean done = new AtomicBoolean();

    Startup(Migrations migrations, RootPartner root, Event<Started> started, @CommandLineArguments String[] arguments) {
        this.arguments = arguments.clone();
        this.migrations = migrations;
        this.root = root;
        this.started = started;
    }

    void run(@Observes StartupEvent event) {
        if (Offshoot.serves(arguments)) {
            prepare();
        }
    }

    private void prepare() {
        var mintedKey = migrations
                .run()
                .chain(root::establish)
                .onFailure(MongoException.class)
                .invoke(failure -> LOG.warnf("The database can't be used yet: cause=%s", failure.getMessage()))
                .onFailure(MongoException.class)
                .retry()
                .withBackOff(PAUSE, PAUSE)
                .expireIn(PATIENCE.toMillis())
                .onFailure(Startup::isOfDatabase)
                .transform(Startup::refusal)
                .await()
                .indefinitely();
        done.set(true);
        started.fire(new Started(mintedKey));
    }

    boolean isDone() {
        return done.get();
    }

    /** The exception after the last attempt has the attempt's failure as its cause. */
    private static boolean isOfDatabase(Throwable failure) {
        return failure.getCause() instanceof MongoException;
    }

    private static StartRefused refusal(Throwable failure) {
        return new StartRefused("The database could not be used for a minute, so Offshoot does not start. Check"
                + " QUARKUS_MONGODB_CONNECTION_STRING, and whether it can be reached from here: "
                + Objects.requireNonNull(failure.getCause()).getMessage());
    }
}
