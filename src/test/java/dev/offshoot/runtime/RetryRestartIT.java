package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.testing.CommandStop;
import dev.offshoot.testing.CrashPoint;
import dev.offshoot.testing.CuttingProxy;
import dev.offshoot.testing.CuttingProxy.Action;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.KeyedWrite;
import dev.offshoot.testing.KeyedWrites;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.testing.Tree;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged service is killed before and after each database command of every write under an {@code Idempotency-Key}, and
 * the write is sent again to the process that is started then. It is done once, and answered as it would have been.
 */
class RetryRestartIT {
    /** The first command that names the caller's organisation still looks the caller up. There is no claim yet. */
    private static final int LOOK_UP_OF_THE_CALLER = 1;

    /** How many calls are stopped, each at a command of its own, before the process is killed. */
    private static final int CALLS = 16;

    /** Fewer do where every call comes to its point before its time is over. */
    private static final int MOST_KILLS = 20;

    private static final Map<String, Function<KeyedWrites, KeyedWrite>> WRITES = new LinkedHashMap<>();

    static {
        WRITES.put("create", KeyedWrites::creation);
        WRITES.put("put", KeyedWrites::creationByExternalId);
        WRITES.put("update", KeyedWrites::update);
        WRITES.put("delete", KeyedWrites::deletion);
        WRITES.put("mint", KeyedWrites::minting);
        WRITES.put("update a key", KeyedWrites::changeOfAKey);
        WRITES.put("rotate", KeyedWrites::rotation);
        WRITES.put("revoke", KeyedWrites::revocation);
        WRITES.put("revoke all", KeyedWrites::revocationOfAll);
    }

    private final CuttingProxy proxy = new CuttingProxy(TestDatabase.uri());
    private final Queue<ServiceProcess> started = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(CALLS + 1);

    @TempDir
    Path folder;

    private record Point(String write, CrashPoint at) {}

    private record Prepared(Point point, KeyedWrite write) {
        /** Shows no key. */
        @Override
        public String toString() {
            return point.toString();
        }
    }

    /** A call on its way to its point. */
    private record Call(Point point, KeyedWrite write, CommandStop stop, CompletableFuture<Answer> first) {
        /** Shows no key. */
        @Override
        public String toString() {
            return point.toString();
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        threads.shutdown();
        assertThat(threads.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        started.forEach(ServiceProcess::close);
    }

    @Test
    void writeIsFinishedByTheSameRequestToTheNextProcess() {
        var running = start();
        var left = new ArrayDeque<>(points(running));
        var all = left.size();
        var kills = 0;
        for (; !left.isEmpty() && kills < MOST_KILLS; kills++) {
            var prepared = prepare(running, take(left));
            var next = CompletableFuture.supplyAsync(this::start, threads);
            var calls = onTheirWay(prepared);
            running.kill();
            proxy.heal();
            running = next.join();
            assertAreFinished(running.base(), calls);
            left.addAll(missed(calls));
        }
        System.out.printf("Restarts: %d, points: %d of %d%n", kills, all - left.size(), all);
        assertThat(left).isEmpty();
    }

    private static List<Point> take(Queue<Point> points) {
        return Stream.generate(points::poll)
                .takeWhile(Objects::nonNull)
                .limit(CALLS)
                .toList();
    }

    /** The points that calls were too slow for. */
    private static List<Point> missed(List<Call> calls) {
        return calls.stream()
                .filter(call -> !call.stop().isReached())
                .map(Call::point)
                .toList();
    }

    private ServiceProcess start() {
        var service = ServiceProcess.start(
                folder,
                Map.of(
                        "quarkus.mongodb.connection-string", proxy.uri(),
                        "quarkus.mongodb.database", TestDatabase.name(),
                        "offshoot.task-queue.every", "1s",
                        "offshoot.root.key", Installation.rootKey(),
                        "offshoot.key-encryption.current", Installation.encryptionKey()));
        started.add(service);
        return service;
    }

    private List<Point> points(ServiceProcess service) {
        return WRITES.keySet().stream()
                .flatMap(write -> CrashPoint.of(
                                write + ", sent again to the next process",
                                LOOK_UP_OF_THE_CALLER + 1,
                                commandsOf(service, write),
                                Action.CUT_BEFORE,
                                Action.CUT_AFTER)
                        .map(at -> new Point(write, at)))
                .toList();
    }

    /** How many commands of a write name its records. What the service does in the background may name them as well. */
    private int commandsOf(ServiceProcess service, String write) {
        return IntStream.range(0, 2)
                .map(i -> {
                    var prepared = prepare(service, write);
                    awaitConfirmation(prepared);
                    var counted = proxy.stop(
                            Stored.organisations(prepared.organisation()), Integer.MAX_VALUE, Action.CUT_BEFORE);
                    assertThat(prepared.send().status()).isEqualTo(200);
                    return counted.seen();
                })
                .min()
                .orElseThrow();
    }

    private static KeyedWrite prepare(ServiceProcess service, String write) {
        return WRITES.get(write).apply(new KeyedWrites(service.client(Installation.rootKey())));
    }

    private static List<Prepared> prepare(ServiceProcess service, List<Point> points) {
        var prepared = points.stream()
                .map(point -> new Prepared(point, prepare(service, point.write())))
                .toList();
        prepared.forEach(each -> awaitConfirmation(each.write()));
        return prepared;
    }

    /** Confirmations would name the same records as the call. */
    private static void awaitConfirmation(KeyedWrite write) {
        await().atMost(Duration.ofSeconds(20)).until(() -> Stored.tree(write.organisation()).values().stream()
                .flatMap(List::stream)
                .noneMatch(record -> record.containsKey("task_due_at")));
    }

    /** Sends the writes, and waits until each of them has come to its point, or was answered because the service is slow. */
    private List<Call> onTheirWay(List<Prepared> prepared) {
        var calls = prepared.stream().map(this::send).toList();
        await().atMost(Duration.ofSeconds(20)).until(() -> calls.stream()
                .allMatch(call -> call.stop().isReached() || call.first().isDone()));
        return calls;
    }

    private Call send(Prepared prepared) {
        var at = prepared.point().at();
        var write = prepared.write();
        var stop = proxy.stop(Stored.organisations(write.organisation()), at.command(), at.action());
        return new Call(prepared.point(), write, stop, CompletableFuture.supplyAsync(write::send, threads));
    }

    private static void assertAreFinished(String base, List<Call> calls) {
        assertThat(calls).allSatisfy(call -> assertIsFinished(base, call));
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(calls).allSatisfy(RetryRestartIT::assertIsWhole));
    }

    private static void assertIsFinished(String base, Call call) throws Exception {
        var status = call.first().handle((answer, gone) -> answer == null ? 503 : answer.status());
        assertThat(status.get(20, TimeUnit.SECONDS)).isEqualTo(503);
        var write =
                call.write().by(new PartnerClient(base, call.write().client().key()));

        var second = write.sendUntilAnswered();
        assertThat(second.status()).as(second.body()).isEqualTo(200);
        var third = write.sendUntilAnswered();
        assertThat(third.body()).isEqualTo(second.body());
        assertThat(third.header("ETag")).isEqualTo(second.header("ETag"));
        assertThat(third.header("Idempotent-Replayed")).isEqualTo("true");
        write.check(second);
    }

    private static void assertIsWhole(Call call) {
        var organisation = call.write().organisation();
        Stored.agePendingTasks(organisation);
        assertThat(Tree.flawsBeneath(organisation)).isEmpty();
    }
}
