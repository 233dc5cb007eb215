package dev.offshoot.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoNodeIsRecoveringException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.MongoSocketOpenException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.ServerAddress;
import dev.offshoot.failure.Failure.Unavailable;
import dev.offshoot.failure.Failure.Unavailable.Cause;
import dev.offshoot.failure.FailureException;
import dev.offshoot.telemetry.BackgroundWork;
import dev.offshoot.telemetry.DatabaseCommands;
import dev.offshoot.telemetry.Traces;
import dev.offshoot.telemetry.TracingVariables;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gate before commands that the test itself answers. */
@Tag("any-database")
class DatabaseGateTest {
    private static final int PERMITS = 80;
    private static final int MOST_LONG = 60;
    private static final int WRITE_CONFLICT = 112;
    private static final int DEADLOCK = 16_908_292;
    private static final int INTERNAL = 1;
    private static final int TOO_LARGE = 17_419;

    private final AtomicBoolean answersPings = new AtomicBoolean();
    private final AtomicInteger pings = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();
    private final List<UniEmitter<? super String>> underWay = new CopyOnWriteArrayList<>();
    private final List<UniEmitter<? super String>> background = new CopyOnWriteArrayList<>();
    private final DatabaseCommands commands = new DatabaseCommands(
            new SimpleMeterRegistry(), new Traces(TracingVariables.of(Map.of()), SpanExporter.composite()));
    private final DatabaseCommands.Series finds = commands.of("organisations", "find");
    private final DatabaseGate gate =
            new DatabaseGate(this::ping, 100, new SimpleMeterRegistry(), commands, Clock.systemUTC());

    DatabaseGateTest() {
        gate.open();
    }

    @Test
    void beforeTheStartIsCompleteRequestsAreRefusedAndTheStartIsNot() {
        var starting = new DatabaseGate(this::ping, 100, new SimpleMeterRegistry(), commands, Clock.systemUTC());

        assertCause(Cause.STARTING, () -> result(starting.send(Command.SHORT_READ, finds, () -> answer("good"))));
        assertThat(result(BackgroundWork.of(starting.send(Command.SHORT_WRITE, finds, () -> answer("good")))))
                .isEqualTo("good");
        assertThat(sent).hasValue(1);
        starting.open();
        assertThat(result(starting.send(Command.SHORT_READ, finds, () -> answer("good"))))
                .isEqualTo("good");
    }

    @ParameterizedTest
    @ValueSource(ints = {WRITE_CONFLICT, DEADLOCK})
    void writeThatWasUndoneIsSentAgain(int code) {
        assertThat(result(gate.send(Command.SHORT_WRITE, finds, failing(5, error(code)))))
                .isEqualTo("good");
        assertThat(sent).hasValue(6);
    }

    @Test
    void whatIsUndoneForTwoSecondsIsUnavailable() {
        var began = System.nanoTime();

        assertCause(
                Cause.DATABASE_ERROR,
                () -> result(gate.send(Command.SHORT_WRITE, finds, failing(10_000, error(DEADLOCK)))));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
        assertThat(sent.get()).isBetween(8, 40);
    }

    @ParameterizedTest
    @EnumSource(names = {"SHORT_WRITE", "LONG_WRITE"})
    void writeThatMayHaveBeenCarriedOutIsNotSentAgain(Command kind) {
        assertCause(Cause.DATABASE_ERROR, () -> result(gate.send(kind, finds, failing(1, error(INTERNAL)))));
        assertThat(sent).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"SHORT_READ", "LONG_READ"})
    void readIsSentAgain(Command kind) {
        assertThat(result(gate.send(kind, finds, failing(3, error(INTERNAL))))).isEqualTo("good");
        assertThat(sent).hasValue(4);
    }

    @ParameterizedTest
    @EnumSource
    void whatTheDatabaseRefusesIsPassedOnAtOnce(Command kind) {
        assertThatThrownBy(() -> result(gate.send(kind, finds, failing(1, error(TOO_LARGE)))))
                .isInstanceOfSatisfying(MongoException.class, failure -> assertThat(failure.getCode())
                        .isEqualTo(TOO_LARGE));
        assertThat(sent).hasValue(1);
    }

    static Stream<MongoException> unreachable() {
        return Stream.of(
                new MongoSocketOpenException("gone", new ServerAddress(), new IOException("gone")),
                new MongoTimeoutException("no server to select"),
                new MongoNotPrimaryException(response(10_107), new ServerAddress()),
                new MongoNodeIsRecoveringException(response(11_600), new ServerAddress()));
    }

    @ParameterizedTest
    @MethodSource("unreachable")
    void oneFailureToReachTheDatabaseRefusesTheNextRequestsUntilAPingIsAnswered(MongoException failure) {
        assertCause(
                Cause.DATABASE_ERROR,
                Cause.DATABASE_AWAY,
                Cause.DATABASE_SLOW,
                () -> result(gate.send(Command.SHORT_WRITE, finds, failing(1, failure))));
        var before = sent.get();

        assertCause(Cause.DATABASE_AWAY, () -> result(gate.send(Command.SHORT_READ, finds, () -> answer("good"))));
        assertThat(sent).hasValue(before);

        answersPings.set(true);
        await().atMost(Duration.ofSeconds(3)).ignoreExceptions().untilAsserted(() -> assertThat(
                        result(gate.send(Command.SHORT_READ, finds, () -> answer("good"))))
                .isEqualTo("good"));
        assertThat(pings.get()).isBetween(1, 4);
    }

    @Test
    void backgroundWorkWaitsWhileTheDatabaseIsAway() {
        assertThatThrownBy(() -> result(gate.send(
                        Command.SHORT_WRITE,
                        finds,
                        failing(1, unreachable().findFirst().orElseThrow()))))
                .isInstanceOf(FailureException.class);
        var done = BackgroundWork.of(gate.send(Command.SHORT_READ, finds, () -> answer("good")))
                .subscribeAsCompletionStage();

        await().during(Duration.ofMillis(300)).until(() -> !done.isDone());
        answersPings.set(true);

        await().atMost(Duration.ofSeconds(3)).until(done::isDone);
        assertThat(done).isCompletedWithValue("good");
    }

    @Test
    void timeoutWithoutAnySuccessSinceItBeganOpensAndOneAmongSuccessesDoesNot() {
        var slow = new MongoOperationTimeoutException("slow");
        assertCause(
                Cause.DATABASE_SLOW,
                () -> result(gate.send(Command.LONG_READ, finds, () -> {
                    result(gate.send(Command.SHORT_READ, finds, () -> answer("good")));
                    return Uni.createFrom().failure(slow);
                })));
        assertThat(result(gate.send(Command.SHORT_READ, finds, () -> answer("good"))))
                .isEqualTo("good");

        assertCause(Cause.DATABASE_SLOW, () -> result(gate.send(Command.LONG_READ, finds, failing(1_000_000, slow))));
        assertCause(Cause.DATABASE_AWAY, () -> result(gate.send(Command.SHORT_READ, finds, () -> answer("good"))));
    }

    /** Such as a server that has lost its own database. */
    @Test
    void passingErrorWithoutASuccessForAMomentOpensAndOneAmongSuccessesDoesNot() {
        result(gate.send(Command.SHORT_READ, finds, () -> answer("good")));
        assertThat(result(gate.send(Command.SHORT_READ, finds, failing(1, error(INTERNAL)))))
                .isEqualTo("good");

        await().pollDelay(Duration.ofMillis(300)).until(() -> true);
        assertCause(
                Cause.DATABASE_AWAY,
                () -> result(gate.send(Command.SHORT_READ, finds, failing(1_000_000, error(INTERNAL)))));
        var before = sent.get();
        assertCause(Cause.DATABASE_AWAY, () -> result(gate.send(Command.SHORT_READ, finds, () -> answer("good"))));
        assertThat(sent).hasValue(before);
    }

    @Test
    void requestThatWaitedInVainOpensUnlessSomethingSucceededMeanwhile() {
        result(gate.send(Command.SHORT_READ, finds, () -> answer("good")));
        gate.waitedInVain(Duration.ofSeconds(1));
        assertThat(result(gate.send(Command.SHORT_READ, finds, () -> answer("good"))))
                .isEqualTo("good");

        await().pollDelay(Duration.ofMillis(50)).until(() -> true);
        gate.waitedInVain(Duration.ofMillis(20));
        assertCause(Cause.DATABASE_AWAY, () -> result(gate.send(Command.SHORT_READ, finds, () -> answer("good"))));
    }

    @Test
    void requestsBeyondThePermitsWaitAndAreRefusedAfterHalfASecond() {
        var running = IntStream.range(0, PERMITS)
                .mapToObj(each -> gate.send(longWhileItMay(), finds, this::hold).subscribeAsCompletionStage())
                .toList();
        assertThat(underWay).hasSize(PERMITS);

        var waiting =
                gate.send(Command.SHORT_READ, finds, () -> answer("waited")).subscribeAsCompletionStage();
        assertThat(waiting).isNotDone();
        underWay.remove(0).complete("done");
        await().until(waiting::isDone);
        assertThat(waiting).isCompletedWithValue("waited");

        var held = gate.send(Command.LONG_READ, finds, this::hold).subscribeAsCompletionStage();
        var began = System.nanoTime();
        assertCause(Cause.OVERLOADED, () -> result(gate.send(Command.SHORT_READ, finds, () -> answer("late"))));
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Permits.PATIENCE.minusMillis(20), Permits.PATIENCE.plusSeconds(1));
        underWay.forEach(each -> each.complete("done"));
        assertThat(held).isCompleted();
        assertThat(running).allSatisfy(each -> assertThat(each).isCompleted());
    }

    @Test
    void noMoreWaitThanTheQueueTakes() {
        holdAllPermits();
        var waiting = new ArrayList<CompletableFuture<String>>();
        for (var i = 0; i < Permits.MOST_WAITING; i++) {
            waiting.add(
                    gate.send(Command.SHORT_READ, finds, () -> answer("waited")).subscribeAsCompletionStage());
        }
        assertThat(waiting).noneMatch(CompletableFuture::isDone);

        var next = gate.send(Command.SHORT_READ, finds, () -> answer("late")).subscribeAsCompletionStage();

        assertThat(next).isNotDone();
        assertThat(waiting.get(0)).isCompletedExceptionally();
        assertThat(waiting.subList(1, waiting.size())).noneMatch(CompletableFuture::isDone);
    }

    /** Those that have waited long are given up soon; what is served is served in time. */
    @Test
    void newestIsServedFirstOnceTheQueueDoesNotDrain() {
        holdAllPermits();
        var inOrder = new CopyOnWriteArrayList<String>();
        for (var name : List.of("oldest", "middle", "newest")) {
            gate.send(Command.SHORT_READ, finds, () -> {
                        inOrder.add(name);
                        return hold();
                    })
                    .subscribe()
                    .with(done -> {});
        }
        await().pollDelay(Duration.ofMillis(150)).until(() -> true);

        for (var i = 0; i < 3; i++) {
            underWay.remove(0).complete("done");
        }

        assertThat(inOrder).containsExactly("newest", "middle", "oldest");
    }

    @Test
    void oldestIsServedFirstWhileTheQueueDrains() {
        var inOrder = new CopyOnWriteArrayList<String>();
        holdAllPermits();
        underWay.remove(0).complete("done");
        gate.send(Command.LONG_READ, finds, this::hold).subscribe().with(done -> {});
        for (var name : List.of("oldest", "newest")) {
            gate.send(Command.SHORT_READ, finds, () -> {
                        inOrder.add(name);
                        return hold();
                    })
                    .subscribe()
                    .with(done -> {});
        }

        underWay.remove(0).complete("done");

        assertThat(inOrder).containsExactly("oldest");
    }

    @Test
    void backgroundWorkHasAQuarterAndNeverTheLastPermit() {
        for (var i = 0; i < PERMITS; i++) {
            BackgroundWork.of(gate.send(Command.LONG_WRITE, finds, this::hold))
                    .subscribe()
                    .with(done -> {});
        }
        assertThat(underWay).hasSize(PERMITS / 4);

        for (var i = 0; i < PERMITS - PERMITS / 4; i++) {
            gate.send(Command.SHORT_READ, finds, this::hold).subscribe().with(done -> {});
        }
        assertThat(underWay).hasSize(PERMITS);
        underWay.remove(0).complete("done");
        assertThat(underWay).hasSize(PERMITS - 1);
        assertThat(result(gate.send(Command.SHORT_READ, finds, () -> answer("good"))))
                .isEqualTo("good");
    }

    /** Requests without end must not keep counts from being written, and pending tasks from being completed. */
    @Test
    void backgroundWorkHasAFewPermitsThoughRequestsWaitWithoutEnd() {
        holdAllPermits();
        for (var i = 0; i < PERMITS; i++) {
            gate.send(Command.SHORT_READ, finds, this::hold).subscribe().with(done -> {}, failure -> {});
        }
        for (var i = 0; i < PERMITS; i++) {
            BackgroundWork.of(gate.send(Command.SHORT_WRITE, finds, () -> holdIn(background)))
                    .subscribe()
                    .with(done -> {});
        }
        assertThat(background).isEmpty();

        underWay.remove(0).complete("done");
        assertThat(background).as("the last permit is left").isEmpty();
        assertThat(underWay).hasSize(PERMITS - 1);
        for (var i = 0; i < PERMITS / 2; i++) {
            underWay.remove(0).complete("done");
        }

        assertThat(background).hasSize(PERMITS / 16);
        assertThat(underWay).hasSize(PERMITS - PERMITS / 16);
        background.remove(0).complete("done");
        assertThat(background).hasSize(PERMITS / 16 - 1);
        underWay.remove(0).complete("done");
        assertThat(background).hasSize(PERMITS / 16);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "3, 2", "4, 3", "80, 60", "100, 60"})
    void longCommandsOfOneRequesterHaveThreeQuarters(int connections, int most) {
        var some = new DatabaseGate(this::ping, connections, new SimpleMeterRegistry(), commands, Clock.systemUTC());
        some.open();
        for (var i = 0; i < most; i++) {
            some.send(Command.LONG_READ, finds, this::hold).subscribe().with(done -> {});
        }
        assertThat(underWay).hasSize(most);

        var next = some.send(Command.LONG_WRITE, finds, this::hold).subscribeAsCompletionStage();
        assertThat(underWay).hasSize(most);
        assertThat(next).isNotDone();

        underWay.remove(0).complete("done");
        assertThat(underWay).hasSize(most);
    }

    @Test
    void longCommandsBeyondThoseLetBackgroundWorkPass() {
        for (var i = 0; i < MOST_LONG + 1; i++) {
            gate.send(Command.LONG_READ, finds, this::hold).subscribe().with(done -> {}, failure -> {});
        }
        for (var i = MOST_LONG; i < PERMITS; i++) {
            gate.send(Command.SHORT_READ, finds, this::hold).subscribe().with(done -> {});
        }
        assertThat(underWay).hasSize(PERMITS);
        var background = BackgroundWork.of(gate.send(Command.LONG_READ, finds, () -> answer("background")))
                .subscribeAsCompletionStage();
        assertThat(background).isNotDone();

        for (var i = 0; i < 2; i++) {
            underWay.remove(PERMITS - 1 - i).complete("done");
        }

        assertThat(background).isCompletedWithValue("background");
        assertThat(underWay).hasSize(PERMITS - 2);
    }

    @Test
    void longCommandsBeyondThoseLetOthersPass() throws Exception {
        var vertx = Vertx.vertx();
        try {
            for (var i = 0; i < MOST_LONG + 1; i++) {
                gate.send(Command.LONG_READ, finds, this::hold).subscribe().with(done -> {}, failure -> {});
            }
            assertThat(underWay).hasSize(MOST_LONG);

            assertThat(result(gate.send(Command.SHORT_READ, finds, () -> answer("short"))))
                    .isEqualTo("short");
            var other = new CompletableFuture<String>();
            VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext()).runOnContext(nothing -> {
                Requester.set("other");
                gate.send(Command.LONG_READ, finds, () -> answer("long"))
                        .subscribe()
                        .with(other::complete);
            });
            assertThat(other).succeedsWithin(Permits.PATIENCE).isEqualTo("long");
            assertThat(underWay).hasSize(MOST_LONG);
        } finally {
            vertx.close();
        }
    }

    @Test
    void hangingUpKeepsThePermitUntilTheDatabaseAnswers() {
        var gone = gate.send(Command.SHORT_READ, finds, this::hold).subscribe().with(done -> {});
        holdAllPermits();
        gone.cancel();

        assertCause(Cause.OVERLOADED, () -> result(gate.send(Command.SHORT_READ, finds, () -> answer("late"))));
        underWay.get(0).complete("to nobody");
        assertThat(result(gate.send(Command.SHORT_READ, finds, () -> answer("good"))))
                .isEqualTo("good");
    }

    @Test
    void endWaitsForCommandThatNobodyWaitsForAnyMore() {
        gate.send(Command.SHORT_READ, finds, this::hold)
                .subscribe()
                .with(done -> {})
                .cancel();

        var end = CompletableFuture.runAsync(() -> gate.awaitLastCommands(new ShutdownEvent()));
        await().during(Duration.ofMillis(200)).until(() -> !end.isDone());
        underWay.get(0).complete("to nobody");

        assertThat(end).succeedsWithin(DatabaseGate.LAST_COMMANDS.dividedBy(2));
    }

    @Test
    void endWaitsNoLongerForDatabaseThatDoesNotAnswer() {
        gate.send(Command.SHORT_READ, finds, this::hold).subscribe().with(done -> {});

        var end = CompletableFuture.runAsync(() -> gate.awaitLastCommands(new ShutdownEvent()));

        await().during(DatabaseGate.LAST_COMMANDS.dividedBy(2)).until(() -> !end.isDone());
        assertThat(end).succeedsWithin(DatabaseGate.LAST_COMMANDS);
    }

    /** The permit of one that gave up on its way to it goes back. */
    @Test
    void permitOfARequestThatGaveUpMeanwhileIsNotLost() throws Exception {
        var vertx = Vertx.vertx();
        try {
            holdAllPermits();
            var context = vertx.getOrCreateContext();
            var waits = new CompletableFuture<Cancellable>();
            context.runOnContext(nothing -> waits.complete(gate.send(Command.SHORT_READ, finds, () -> answer("late"))
                    .subscribe()
                    .with(done -> {}, failure -> {})));
            var waiting = waits.get();
            var busy = new CountDownLatch(1);
            context.runOnContext(nothing -> awaitQuietly(busy));
            underWay.remove(0).complete("done");
            waiting.cancel();
            busy.countDown();

            await().untilAsserted(() -> assertThat(result(gate.send(Command.SHORT_READ, finds, () -> answer("good"))))
                    .isEqualTo("good"));
            assertThat(sent).hasValue(1);
        } finally {
            vertx.close();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void holdAllPermits() {
        while (underWay.size() < PERMITS) {
            gate.send(longWhileItMay(), finds, this::hold).subscribe().with(done -> {});
        }
    }

    private Command longWhileItMay() {
        return underWay.size() < MOST_LONG ? Command.LONG_READ : Command.SHORT_READ;
    }

    private Uni<Void> ping() {
        pings.incrementAndGet();
        return answersPings.get()
                ? Uni.createFrom().voidItem()
                : Uni.createFrom().failure(new MongoOperationTimeoutException("no answer"));
    }

    private Uni<String> answer(String answer) {
        sent.incrementAndGet();
        return Uni.createFrom().item(answer);
    }

    private Uni<String> hold() {
        return holdIn(underWay);
    }

    private static Uni<String> holdIn(List<UniEmitter<? super String>> commands) {
        return Uni.createFrom().emitter(commands::add);
    }

    private Supplier<Uni<String>> failing(int failures, MongoException failure) {
        return () -> sent.incrementAndGet() <= failures
                ? Uni.createFrom().failure(failure)
                : Uni.createFrom().item("good");
    }

    private static MongoException error(int code) {
        return new MongoCommandException(response(code), new ServerAddress());
    }

    private static BsonDocument response(int code) {
        return new BsonDocument("ok", new BsonInt32(0))
                .append("code", new BsonInt32(code))
                .append("errmsg", new BsonString("refused"));
    }

    private static <T> T result(Uni<T> answer) {
        return answer.await().atMost(Duration.ofSeconds(10));
    }

    private static void assertCause(Cause cause, Runnable action) {
        assertCause(List.of(cause), action);
    }

    private static void assertCause(Cause one, Cause two, Cause three, Runnable action) {
        assertCause(List.of(one, two, three), action);
    }

    private static void assertCause(List<Cause> causes, Runnable action) {
        assertThatThrownBy(action::run).satisfies(failure -> assertThat(
                        failure instanceof CompletionException ? failure.getCause() : failure)
                .isInstanceOfSatisfying(FailureException.class, expected -> assertThat(expected.failure())
                        .isInstanceOfSatisfying(Unavailable.class, unavailable -> assertThat(unavailable.cause())
                                .isIn(causes))));
    }
}
