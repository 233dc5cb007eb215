package dev.offshoot.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Cases;
import dev.offshoot.testing.CrashInstallation;
import dev.offshoot.testing.CrashPoint;
import dev.offshoot.testing.CuttingProxy;
import dev.offshoot.testing.CuttingProxy.Action;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.KeyedWrite;
import dev.offshoot.testing.KeyedWrites;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ProxiedInstallation;
import dev.offshoot.testing.Together;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Sixty-four requests under one {@code Idempotency-Key}, in many orders: one is done, whichever that is. */
@QuarkusTest
@WithTestResource(value = CrashInstallation.class, scope = TestResourceScope.MATCHING_RESOURCES)
class RetryOrderTest {
    private static final int MANY = 64;

    /** How many shuffled orders there are of each mixture. */
    private static final int ORDERS = Cases.of(10);

    /** The first commands find the caller. */
    private static final int LOOK_UP_OF_THE_CALLER = 2;

    /** When nobody can send the requests again any more. */
    private static final Duration DAY = Duration.ofHours(25);

    @Inject
    PendingWork pending;

    private final CuttingProxy proxy = ProxiedInstallation.proxy();
    private final KeyedWrites writes = new KeyedWrites(PartnerClient.root());

    private record Sent(KeyedWrite write, Answer answer) {}

    @BeforeEach
    void heal() {
        ProxiedInstallation.heal();
    }

    /** Other tests look for pending tasks in the whole database. */
    @AfterEach
    void completeTasks() {
        heal();
        pending.complete(Clock.systemUTC(), DAY);
    }

    @TestFactory
    Stream<DynamicTest> othersComeAtEachCommandOfACreation() {
        return othersComeAtEachCommand("create", writes::creation);
    }

    @TestFactory
    Stream<DynamicTest> othersComeAtEachCommandOfACreationByExternalId() {
        return othersComeAtEachCommand("put", writes::creationByExternalId);
    }

    @TestFactory
    Stream<DynamicTest> othersComeAtEachCommandOfAnUpdate() {
        return othersComeAtEachCommand("update", writes::update);
    }

    @TestFactory
    Stream<DynamicTest> othersComeAtEachCommandOfADeletion() {
        return othersComeAtEachCommand("delete", writes::deletion);
    }

    @TestFactory
    Stream<DynamicTest> othersComeAtEachCommandOfAMinting() {
        return othersComeAtEachCommand("mint", writes::minting);
    }

    @TestFactory
    Stream<DynamicTest> othersComeAtEachCommandOfAChangeOfAKey() {
        return othersComeAtEachCommand("update a key", writes::changeOfAKey);
    }

    @TestFactory
    Stream<DynamicTest> othersComeAtEachCommandOfARotation() {
        return othersComeAtEachCommand("rotate", writes::rotation);
    }

    @TestFactory
    Stream<DynamicTest> othersComeAtEachCommandOfARevocation() {
        return othersComeAtEachCommand("revoke", writes::revocation);
    }

    @TestFactory
    Stream<DynamicTest> twoDifferentRequestsComeInManyOrders() {
        return inManyOrders(i -> i % 2);
    }

    @TestFactory
    Stream<DynamicTest> manyDifferentRequestsComeInManyOrders() {
        return inManyOrders(i -> i);
    }

    /** Half of the others ask for the same, and half of them for something else. */
    private Stream<DynamicTest> othersComeAtEachCommand(String what, Supplier<KeyedWrite> prepare) {
        return CrashPoint.of(
                        what + " held while others come",
                        LOOK_UP_OF_THE_CALLER + 1,
                        prepare.get().commands(proxy),
                        Action.HOLD)
                .map(point -> DynamicTest.dynamicTest(what + " at " + point, () -> {
                    heal();
                    var write = prepare.get();
                    proxy.arm(point.command(), point.action());
                    var first = CompletableFuture.supplyAsync(write::send);
                    proxy.awaitHeld();
                    var sent = new ArrayList<>(together(
                            write, IntStream.range(1, MANY).mapToObj(i -> i % 2).toList()));
                    proxy.release();
                    sent.add(new Sent(write, first.get()));

                    assertOneIsDone(sent);
                }));
    }

    private Stream<DynamicTest> inManyOrders(IntFunction<Integer> spaces) {
        return new Random().ints(ORDERS).boxed().flatMap(seed -> Stream.<Supplier<KeyedWrite>>of(
                        writes::creation, writes::update)
                .map(prepare -> DynamicTest.dynamicTest("order " + seed, () -> {
                    var each = new ArrayList<>(
                            IntStream.range(0, MANY).mapToObj(spaces).toList());
                    Collections.shuffle(each, new Random(seed));

                    assertOneIsDone(together(prepare.get(), each));
                })));
    }

    /** @param spaces how many are behind the body of each request, if it has one: so it is another one that does the same */
    private static List<Sent> together(KeyedWrite write, List<Integer> spaces) throws Exception {
        return Together.run(spaces.stream()
                .map(write::withSpaces)
                .map(each -> (Callable<Sent>) () -> new Sent(each, each.send()))
                .toList());
    }

    /** The one that is done is known by its answer, which it gets again. A slow database is no fault. */
    private static void assertOneIsDone(List<Sent> sent) {
        var done = sent.stream()
                .map(Sent::write)
                .distinct()
                .map(write -> new Sent(write, write.sendUntilAnswered()))
                .filter(again -> again.answer().status() != 422)
                .toList();
        assertThat(done).hasSize(1);
        var write = done.get(0).write();
        var answer = done.get(0).answer();
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        write.check(answer);
        for (var each : sent) {
            assertIsAnswered(each.answer(), each.write().equals(write), answer);
        }
        assertThat(sent)
                .filteredOn(each -> each.answer().status() == 200)
                .filteredOn(each -> each.answer().header("Idempotent-Replayed").isEmpty())
                .hasSizeLessThanOrEqualTo(1);
    }

    private static void assertIsAnswered(Answer answer, boolean isSameRequest, Answer done) {
        switch (answer.status()) {
            case 200 -> assertThat(answer.body()).isEqualTo(done.body());
            case 409 -> assertThat(PartnerClient.error(answer, 409).code()).isEqualTo("request_in_progress");
            case 422 -> assertThat(PartnerClient.error(answer, 422).code()).isEqualTo("idempotency_key_reused");
            default -> assertThat(answer.status()).as(answer.body()).isEqualTo(503);
        }
        assertThat(answer.status() == 422).isEqualTo(!isSameRequest && answer.status() != 503);
    }
}
