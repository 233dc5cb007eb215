package dev.offshoot.database;

import dev.offshoot.failure.Failure;
import dev.offshoot.failure.Failure.Unavailable.Cause;
import dev.offshoot.failure.FailureException;
import dev.offshoot.telemetry.BackgroundWork;
import dev.offshoot.telemetry.DatabaseCommands;
import dev.offshoot.telemetry.OnceASecond;
import dev.offshoot.telemetry.Traces;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.context.Context;
import io.quarkus.mongodb.reactive.ReactiveMongoClient;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.bson.Document;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The only way to send a command to the database for a request or for background work. Before the start is complete, and
 * while the database is away, requests are refused at once. A command needs a permit. What fails only for now is tried
 * again for as long as a request has, and is {@link Failure.Unavailable} then. Nobody's hanging up ends a command that was
 * sent, because it keeps its permit until the database has answered.
 */
@Singleton
public class DatabaseGate {
    /** The longest time that the end of the process waits for the commands that are under way. */
    public static final Duration LAST_COMMANDS = Duration.ofSeconds(2);

    private static final Logger LOG = Logger.getLogger(DatabaseGate.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);
    private static final Duration FIRST_PING_AFTER = Duration.ofMillis(100);
    private static final Duration PING_EVERY = Duration.ofSeconds(1);

    /** A read, because some servers answer a ping although they have lost their own database. */
    private static final Document PING =
            new Document("find", "migrations").append("limit", 1).append("singleBatch", true);

    private final Supplier<Uni<?>> ping;
    private final DatabaseCommands commands;
    private final Permits permits;
    private final RowTurns turns = new RowTurns();
    private final Breaker breaker = new Breaker();
    private final OnceASecond awayLines;
    private final OnceASecond backLines;
    private volatile boolean isStarted;
    private volatile @Nullable Cancellable pinging;
    private volatile long awaySinceNanos;

    @Inject
    DatabaseGate(
            ReactiveMongoClient mongo,
            @ConfigProperty(name = "quarkus.mongodb.database") String databaseName,
            @ConfigProperty(name = "quarkus.mongodb.max-pool-size") int connections,
            MeterRegistry metrics,
            DatabaseCommands commands,
            Clock clock) {
        this(() -> mongo.getDatabase(databaseName).runCommand(PING), connections, metrics, commands, clock);
    }

    /** @param ping fails while the database does not answer */
    public DatabaseGate(
            Supplier<Uni<?>> ping, int connections, MeterRegistry metrics, DatabaseCommands commands, Clock clock) {
        this.ping = ping;
        this.commands = commands;
        this.awayLines = new OnceASecond(clock);
        this.backLines = new OnceASecond(clock);
        this.permits = new Permits(connections);
        gauge(metrics, "offshoot.database.permits.held", "Commands under way", Permits::held);
        gauge(metrics, "offshoot.database.permits.limit", "How many commands may be under way now", Permits::limit);
        gauge(metrics, "offshoot.database.permits.waiting", "Commands that wait for a permit", Permits::waiting);
        Gauge.builder("offshoot.database.away", breaker, state -> state.isOpen() ? 1 : 0)
                .description("1 while the database is away and no command is sent")
                .strongReference(true)
                .register(metrics);
    }

    private void gauge(MeterRegistry metrics, String name, String description, ToDoubleFunction<Permits> value) {
        Gauge.builder(name, permits, value)
                .description(description)
                .strongReference(true)
                .register(metrics);
    }

    /** The start is complete: requests may send commands from now on. */
    public void open() {
        isStarted = true;
    }

    /** What is measured of the commands of one name to one collection. */
    public DatabaseCommands.Series commands(String collection, String command) {
        return commands.of(collection, command);
    }

    /** Sends a command and emits its result, on the context that subscribes. */
    public <T> Uni<T> send(Command kind, DatabaseCommands.Series series, Supplier<Uni<T>> command) {
        return Uni.createFrom().context(context -> {
            var isBackground = BackgroundWork.isMarked(context);
            var sending = new Sending<>(kind, series, isBackground, command, Traces.current(), System.nanoTime());
            return OwnContext.resume(attempt(sending, FIRST_PAUSE));
        });
    }

    /**
     * Like {@link #send}, for a list of at most {@code limit} rows. A request waits for its turn if others have many rows in
     * memory, and is refused if too many lists of its requester wait.
     */
    public <T> Uni<T> sendList(int limit, DatabaseCommands.Series series, Supplier<Uni<T>> command) {
        return Uni.createFrom().context(context -> {
            var sent = send(Command.LONG_READ, series, command);
            return limit <= RowTurns.SHORT || BackgroundWork.isMarked(context)
                    ? sent
                    : inTurn(RowTurns.counted(limit), sent);
        });
    }

    /** The turn ends when what the request does at once with the rows is done. */
    private <T> Uni<T> inTurn(int rows, Uni<T> list) {
        return Uni.createFrom().emitter(emitter -> {
            var own = OwnContext.executor();
            var hasGone = new AtomicBoolean();
            var place = turns.prepare(
                    Requester.current(), rows, turn -> own.execute(() -> take(turn, hasGone, list, emitter)));
            emitter.onTermination(() -> {
                hasGone.set(true);
                place.giveUp();
            });
            if (!turns.enter(place)) {
                emitter.fail(new Failure.Unavailable(Cause.OVERLOADED).asException());
            }
        });
    }

    private static <T> void take(
            RowTurns.Waiting place, AtomicBoolean hasGone, Uni<T> list, UniEmitter<? super T> emitter) {
        if (hasGone.get()) {
            place.leave();
            return;
        }
        list.onTermination()
                .invoke(() -> OwnContext.later(place::leave))
                .subscribe()
                .with(emitter::complete, emitter::fail);
    }

    /** A request has waited for so long that it was given up. If nothing succeeded meanwhile, the database is away. */
    public void waitedInVain(Duration waited) {
        if (breaker.timedOut(System.nanoTime() - waited.toNanos())) {
            pingUntilAnswered("no command succeeded for " + waited.toSeconds() + " seconds");
        }
    }

    private record Sending<T>(
            Command kind,
            DatabaseCommands.Series series,
            boolean isBackground,
            Supplier<Uni<T>> command,
            Context caller,
            long beganNanos) {
        boolean mayRepeat(Throwable failure) {
            return System.nanoTime() - beganNanos < PATIENCE.toNanos() && kind.mayRepeat(failure);
        }
    }

    private <T> Uni<T> attempt(Sending<T> sending, Duration pause) {
        return permit(!sending.kind().isShort(), sending.isBackground())
                .chain(permit -> run(sending, permit))
                .onFailure(sending::mayRepeat)
                .recoverWithUni(() -> Uni.createFrom()
                        .voidItem()
                        .onItem()
                        .delayIt()
                        .by(withJitter(pause))
                        .chain(() -> attempt(sending, longer(pause))))
                .onFailure(failure -> !sending.isBackground() && DatabaseErrors.isPassing(failure))
                .transform(DatabaseGate::unavailable);
    }

    private Uni<Permits.Permit> permit(boolean isLong, boolean isBackground) {
        if (!isBackground && !isStarted) {
            return Uni.createFrom().failure(new Failure.Unavailable(Cause.STARTING).asException());
        }
        if (!isBackground && breaker.isOpen()) {
            return Uni.createFrom().failure(new Failure.Unavailable(Cause.DATABASE_AWAY).asException());
        }
        return permits.acquire(isLong, isBackground);
    }

    private <T> Uni<T> run(Sending<T> sending, Permits.Permit permit) {
        return Uni.createFrom().emitter(emitter -> {
            permit.use();
            var sent = sending.series().begin(sending.caller());
            Uni.createFrom()
                    .deferred(() -> sending.command().get())
                    .subscribe()
                    .with(
                            result -> {
                                sent.succeeded();
                                breaker.answered();
                                giveBack(sending.kind(), permit);
                                emitter.complete(result);
                            },
                            failure -> {
                                sent.failed(failure);
                                failed(failure, sent.beganNanos());
                                permit.returnUnsampled();
                                emitter.fail(failure);
                            });
        });
    }

    private static void giveBack(Command kind, Permits.Permit permit) {
        if (kind.isShort()) {
            permit.returnSampled();
        } else {
            permit.returnUnsampled();
        }
    }

    private void failed(Throwable failure, long beganNanos) {
        if (breaker.failed(failure, beganNanos)) {
            pingUntilAnswered(failure.getClass().getSimpleName());
        }
    }

    private void pingUntilAnswered(String cause) {
        awaySinceNanos = System.nanoTime();
        awayLines.log(outages -> LOG.warnf(
                "The database is away; requests are refused until it answers: cause=%s outages=%d", cause, outages));
        permits.pause();
        pinging = Uni.createFrom()
                .deferred(() -> ping.get().replaceWithVoid())
                .onFailure()
                .retry()
                .withBackOff(FIRST_PING_AFTER, PING_EVERY)
                .withJitter(0)
                .indefinitely()
                .subscribe()
                .with(answered -> isBack());
    }

    private void isBack() {
        var away = Duration.ofNanos(System.nanoTime() - awaySinceNanos);
        breaker.close();
        backLines.log(outages -> LOG.infof("The database is back: away_ms=%d outages=%d", away.toMillis(), outages));
        permits.resume();
    }

    /** Runs after the last flushes, because the database client fails what is under way when it closes, and logs it. */
    void awaitLastCommands(@Observes @Priority(Interceptor.Priority.PLATFORM_AFTER) ShutdownEvent event) {
        BackgroundWork.awaitLast(
                LAST_COMMANDS,
                Uni.createFrom()
                        .item(this::isAnswerExpected)
                        .repeat()
                        .withDelay(LOOK_EVERY)
                        .whilst(isExpected -> isExpected)
                        .onItem()
                        .ignoreAsUni());
    }

    private boolean isAnswerExpected() {
        return permits.held() > 0 && isStarted && !breaker.isOpen();
    }

    @PreDestroy
    void stop() {
        var running = pinging;
        if (running != null) {
            running.cancel();
        }
    }

    private static FailureException unavailable(Throwable failure) {
        return new Failure.Unavailable(DatabaseErrors.isTimeout(failure) ? Cause.DATABASE_SLOW : Cause.DATABASE_ERROR)
                .asException();
    }

    private static Duration withJitter(Duration pause) {
        return pause.plusMillis(ThreadLocalRandom.current().nextLong(pause.toMillis()));
    }

    private static Duration longer(Duration pause) {
        var doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
}
