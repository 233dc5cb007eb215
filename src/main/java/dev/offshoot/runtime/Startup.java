package dev.offshoot.runtime;

import dev.offshoot.database.DatabaseGate;
import dev.offshoot.runtime.cli.Offshoot;
import dev.offshoot.runtime.database.Migrations;
import dev.offshoot.telemetry.BackgroundWork;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.annotations.CommandLineArguments;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Prepares the process: it migrates the database and creates the root partner if it is missing. It does so behind an open
 * port, and tries again until it succeeds. Until then the process is live and not ready, and requests that need the
 * database are refused.
 */
@Singleton
class Startup {
    private static final Logger LOG = Logger.getLogger(Startup.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final long LINE_EVERY_NANOS = Duration.ofMinutes(1).toNanos();

    private final Migrations migrations;
    private final RootPartner root;
    private final DatabaseGate database;
    private final Event<Started> started;
    private final String[] arguments;
    private final boolean hasDelay;
    private final Map<NotReadyReason, Long> lastLineNanos = new EnumMap<>(NotReadyReason.class);
    private volatile boolean isDone;
    private @Nullable Cancellable preparing;

    Startup(
            Migrations migrations,
            RootPartner root,
            DatabaseGate database,
            Event<Started> started,
            @CommandLineArguments String[] arguments,
            @ConfigProperty(name = "quarkus.shutdown.delay") Optional<Duration> delay) {
        this.hasDelay = delay.isPresent();
        this.arguments = arguments.clone();
        this.migrations = migrations;
        this.root = root;
        this.database = database;
        this.started = started;
    }

    void run(@Observes StartupEvent event) {
        if (Offshoot.serves(arguments)) {
            preparing = BackgroundWork.of(migrations.run().chain(root::establish))
                    .onFailure()
                    .invoke(this::report)
                    .onFailure()
                    .retry()
                    .withBackOff(PAUSE, PAUSE)
                    .withJitter(0)
                    .indefinitely()
                    .subscribe()
                    .with(mintedKey -> {
                        database.open();
                        started.fire(new Started(mintedKey));
                        isDone = true;
                    });
        }
    }

    /** A process that was never ready has no requests to end: the thread that would now wait for them does not. */
    void skipDelay(@Observes ShutdownDelayInitiatedEvent event) {
        if (!isDone && hasDelay) {
            Thread.currentThread().interrupt();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        if (preparing != null) {
            preparing.cancel();
        }
    }

    boolean isDone() {
        return isDone;
    }

    /** Logs one line a minute for each reason: one that is new is said at once. */
    private void report(Throwable failure) {
        var reason = NotReadyReason.of(failure);
        var now = System.nanoTime();
        var last = lastLineNanos.get(reason);
        if (last != null && now - last < LINE_EVERY_NANOS) {
            return;
        }
        lastLineNanos.put(reason, now);
        switch (reason) {
            case USER_REFUSED ->
                LOG.errorf(
                        "The database refuses the user: the service is not ready. Check the user name, the password and"
                                + " authSource in QUARKUS_MONGODB_CONNECTION_STRING.");
            case DATABASE_UNUSABLE ->
                LOG.warnf(
                        "The database can't be used yet: the service is not ready. Check QUARKUS_MONGODB_CONNECTION_STRING,"
                                + " and whether it can be reached from here: cause=%s",
                        failure.getMessage());
            case START_REFUSED ->
                LOG.errorf("The service is not ready. %s", Objects.requireNonNull(failure.getMessage()));
            case UNEXPECTED -> LOG.errorf(failure, "The start failed and is tried again: the service is not ready");
        }
    }
}
