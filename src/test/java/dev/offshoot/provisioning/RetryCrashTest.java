package dev.offshoot.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.testing.CrashInstallation;
import dev.offshoot.testing.CrashPoint;
import dev.offshoot.testing.CuttingProxy;
import dev.offshoot.testing.CuttingProxy.Action;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.KeyedWrite;
import dev.offshoot.testing.KeyedWrites;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ProxiedInstallation;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.testing.Tree;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Writes under an {@code Idempotency-Key}, cut off before and after each of their database commands in turn, and sent again
 * when the lease is over. Whatever was cut, the write is done once, and all answers are alike.
 */
@QuarkusTest
@WithTestResource(value = CrashInstallation.class, scope = TestResourceScope.MATCHING_RESOURCES)
class RetryCrashTest {
    /** The first commands find the caller. Where they are cut off, there is no claim yet. */
    private static final int LOOK_UP_OF_THE_CALLER = 2;

    /** Of a creation, the claim, the keys and the organisation follow. */
    private static final int INSERT_OF_THE_ORGANISATION = LOOK_UP_OF_THE_CALLER + 3;

    /** Whoever is known already does without the look-up. Without a claim too, the keys come first. */
    private static final int INSERT_OF_A_KNOWN_CALLER = 2;

    /** A second try finds its claim and takes that over, and confirms and inserts the keys. */
    private static final int COMMANDS_BEFORE_THE_SECOND_INSERT = 5;

    private static final Duration HOUR = Duration.ofHours(1);

    /** When nobody can send the requests again any more. */
    private static final Duration DAY = Duration.ofHours(25);

    @Inject
    PendingWork pending;

    private final CuttingProxy proxy = ProxiedInstallation.proxy();
    private final KeyedWrites writes = new KeyedWrites(PartnerClient.root());

    @BeforeEach
    @AfterEach
    void heal() {
        ProxiedInstallation.heal();
    }

    @AfterEach
    void clear() {
        TestDatabase.clear();
    }

    @TestFactory
    Stream<DynamicTest> creationIsFinishedByTheSameRequest() {
        return cutAtEveryCommand("create, sent again at once", writes::creation, write -> {});
    }

    @TestFactory
    Stream<DynamicTest> deletionIsFinishedByTheSameRequest() {
        return cutAtEveryCommand("delete, sent again", writes::deletion, write -> {});
    }

    @TestFactory
    Stream<DynamicTest> deletionIsFinishedByTheSameRequestAnHourLater() {
        return cutAtEveryCommand("delete, sent again an hour later", writes::deletion, write -> runQueueAnHourLater());
    }

    @TestFactory
    Stream<DynamicTest> updateIsFinishedByTheSameRequest() {
        return cutAtEveryCommand("update, sent again", writes::update, write -> {});
    }

    @TestFactory
    Stream<DynamicTest> updateOverwritesNothingThatWasWrittenSince() {
        return cutAtEveryCommand("update, sent again after another's", writes::update, write -> write.changeByOther()
                .run());
    }

    @TestFactory
    Stream<DynamicTest> updateHeldAtEveryCommandEndsLikeTheOneThatTookItOver() {
        return heldAtEveryCommand("update held while it is taken over", writes::update, write -> {});
    }

    @TestFactory
    Stream<DynamicTest> changeOfAKeyIsFinishedByTheSameRequest() {
        return cutAtEveryCommand("update a key, sent again", writes::changeOfAKey, write -> {});
    }

    /** The key still waited for its confirmation when it was changed. */
    @TestFactory
    Stream<DynamicTest> changeOfAKeyIsFinishedByTheSameRequestAnHourLater() {
        return cutAtEveryCommand(
                "update a key, sent again an hour later", writes::changeOfAKey, write -> runQueueAnHourLater());
    }

    @TestFactory
    Stream<DynamicTest> changeOfAKeyOverwritesNothingThatWasWrittenSince() {
        return cutAtEveryCommand(
                "update a key, sent again after another's", writes::changeOfAKey, write -> write.changeByOther()
                        .run());
    }

    @TestFactory
    Stream<DynamicTest> changeOfAKeyHeldAtEveryCommandEndsLikeTheOneThatTookItOver() {
        return heldAtEveryCommand("update a key held while it is taken over", writes::changeOfAKey, write -> {});
    }

    /** The key is then again as the held try has read it. */
    @TestFactory
    Stream<DynamicTest> changeOfAKeyHeldAtEveryCommandIsNotMadeAgainOnceItIsTakenBack() {
        return heldAtEveryCommand(
                "update a key held while it is taken over and taken back",
                writes::changeOfAKey,
                write -> write.changeTakenBack().run());
    }

    @TestFactory
    Stream<DynamicTest> mintedKeyIsShownByTheSameRequest() {
        return cutAtEveryCommand("mint, sent again", writes::minting, write -> {});
    }

    @TestFactory
    Stream<DynamicTest> mintedKeyIsShownByTheSameRequestAnHourLater() {
        return cutAtEveryCommand("mint, sent again an hour later", writes::minting, write -> runQueueAnHourLater());
    }

    @TestFactory
    Stream<DynamicTest> rotationIsFinishedByTheSameRequest() {
        return cutAtEveryCommand("rotate, sent again", writes::rotation, write -> {});
    }

    /** The task queue has revoked a successor whose predecessor does not name it. */
    @TestFactory
    Stream<DynamicTest> rotationIsFinishedByTheSameRequestAnHourLater() {
        return cutAtEveryCommand("rotate, sent again an hour later", writes::rotation, write -> runQueueAnHourLater());
    }

    @TestFactory
    Stream<DynamicTest> rotationIsAnsweredAsItWasWhateverBecameOfThePredecessor() {
        return cutAtEveryCommand(
                "rotate, sent again after another's update", writes::rotationWithOverlap, write -> write.changeByOther()
                        .run());
    }

    @TestFactory
    Stream<DynamicTest> rotationOfARootKeyIsFinishedByTheSameRequest() {
        return cutAtEveryCommand(
                "rotate the root's, sent again after another's update",
                () -> writes.rotationOfARootKey((root, path) -> root.changeKey(path, Map.of("name", "Other"))),
                write -> write.changeByOther().run());
    }

    /** Once the successor has taken its place, the predecessor may go, though its rotation is not finished. */
    @TestFactory
    Stream<DynamicTest> rotationOfARootKeyIsFinishedThoughThePredecessorIsRevoked() {
        return cutAtEveryCommand(
                "rotate the root's, sent again after another's revocation",
                () -> writes.rotationOfARootKey((root, path) -> {
                    if (!Stored.notedRootKeys().contains(path.substring("/api-keys/".length()))) {
                        root.send("DELETE", path);
                    }
                }),
                write -> write.changeByOther().run());
    }

    @TestFactory
    Stream<DynamicTest> rotationOfARootKeyHeldAtEveryCommandEndsLikeTheOneThatTookItOver() {
        return heldAtEveryCommand(
                "rotate the root's held while it is taken over",
                () -> writes.rotationOfARootKey((root, path) -> {}),
                write -> {});
    }

    @TestFactory
    Stream<DynamicTest> rotationHeldWhileTheNextTryIsHeldTooEndsLikeThatOne() {
        return bothHeldAtEveryCommand("rotate, two tries held at once", writes::rotation);
    }

    @TestFactory
    Stream<DynamicTest> revocationIsFinishedByTheSameRequest() {
        return cutAtEveryCommand("revoke, sent again", writes::revocation, write -> {});
    }

    @TestFactory
    Stream<DynamicTest> revocationOfASubtreeIsFinishedByTheSameRequest() {
        return cutAtEveryCommand("revoke all, sent again", writes::revocationOfAll, write -> {});
    }

    /** The task queue has removed the keys of a creation that was cut off. */
    @TestFactory
    Stream<DynamicTest> creationIsFinishedByTheSameRequestAnHourLater() {
        return cutAtEveryCommand("create, sent again an hour later", writes::creation, write -> runQueueAnHourLater());
    }

    @TestFactory
    Stream<DynamicTest> finishOfACreationMayBeCutOffToo() {
        return Stream.of(Action.CUT_BEFORE, Action.CUT_AFTER)
                .map(action -> new CrashPoint(INSERT_OF_THE_ORGANISATION, action))
                .flatMap(first -> cutAtEveryCommand(
                        "finish of a creation with " + first, () -> creationCutOff(first), write -> {}));
    }

    @TestFactory
    Stream<DynamicTest> creationHeldAtEveryCommandEndsLikeTheOneThatTookItOver() {
        return heldAtEveryCommand("create held while it is taken over", writes::creation, write -> {});
    }

    /** The second try waits for the other creation, and finds then that another organisation has the external id. */
    @Test
    void creationIsAnsweredThoughItsExternalIdIsAnothersAndSomebodyElseWantsItToo() throws Exception {
        var partner = PartnerClient.newPartner();
        var body = PartnerClient.body("Child");
        body.put("partner_external_id", "x");
        Supplier<Answer> write =
                () -> partner.call("POST", "/organisations", Http.text(body), Map.of("Idempotency-Key", "create"));
        proxy.arm(INSERT_OF_THE_ORGANISATION, Action.CUT_AFTER);
        assertThat(write.get().status()).isEqualTo(503);
        heal();
        var created = partner.list("").ids().get(0);
        partner.update(created, Map.of("partner_external_id", "y"));
        partner.put("x", PartnerClient.body("Other"));
        Stored.endLeases(partner);

        partner.list("");
        proxy.arm(INSERT_OF_A_KNOWN_CALLER, Action.HOLD);
        var other = CompletableFuture.supplyAsync(() -> partner.send("POST", "/organisations", body));
        proxy.awaitHeld();
        var second = CompletableFuture.supplyAsync(write);
        await().until(() -> proxy.seen() >= INSERT_OF_A_KNOWN_CALLER + COMMANDS_BEFORE_THE_SECOND_INSERT);
        proxy.release();

        assertThat(other.get().status()).isIn(409, 503);
        var answer = PartnerClient.created(second.get());
        assertThat(answer.id()).isEqualTo(created);
        assertThat(partner.verify(answer.apiKey()).code()).isEqualTo("valid");
        pending.confirm();
    }

    @TestFactory
    Stream<DynamicTest> creationByExternalIdIsFinishedByTheSameRequest() {
        return cutAtEveryCommand("put, sent again", writes::creationByExternalId, write -> {});
    }

    @TestFactory
    Stream<DynamicTest> creationByExternalIdIsFinishedByTheSameRequestAnHourLater() {
        return cutAtEveryCommand(
                "put, sent again an hour later", writes::creationByExternalId, write -> runQueueAnHourLater());
    }

    /** Somebody gives the organisation another external id, and its own to another one. */
    @TestFactory
    Stream<DynamicTest> creationByExternalIdIsShownWhateverOthersMadeOfIt() {
        return cutAtEveryCommand(
                "put, sent again after another's update", writes::creationByExternalId, write -> write.changeByOther()
                        .run());
    }

    @TestFactory
    Stream<DynamicTest> creationByExternalIdHeldAtEveryCommandEndsLikeTheOneThatTookItOver() {
        return heldAtEveryCommand("put held while it is taken over", writes::creationByExternalId, write -> {});
    }

    /** A creation that was cut off at that point, to be sent again with another key of the same organisation. */
    private KeyedWrite creationCutOff(CrashPoint at) {
        heal();
        var write = writes.creation();
        proxy.arm(at.command(), at.action());
        assertThat(write.send().status()).isEqualTo(503);
        heal();
        Stored.endLeases(write.client());
        return write.by(PartnerClient.with(Tree.anotherPartnerKeyOf(write.client())));
    }

    private Stream<DynamicTest> cutAtEveryCommand(
            String what, Supplier<KeyedWrite> prepare, Consumer<KeyedWrite> meanwhile) {
        return CrashPoint.of(
                        what,
                        LOOK_UP_OF_THE_CALLER + 1,
                        prepare.get().commands(proxy),
                        Action.CUT_BEFORE,
                        Action.CUT_AFTER)
                .map(point -> DynamicTest.dynamicTest(point.toString(), () -> {
                    heal();
                    var write = prepare.get();
                    proxy.arm(point.command(), point.action());
                    var first = write.send();
                    assertThat(proxy.hasActed()).isTrue();
                    heal();
                    meanwhile.accept(write);
                    Stored.endLeases(write.client());

                    var second = write.sendUntilAnswered();

                    assertThat(first.status()).as(first.body()).isIn(200, 503);
                    assertThat(second.status()).as(second.body()).isEqualTo(200);
                    assertThat(first.status() != 200 || first.body().equals(second.body()))
                            .isTrue();
                    assertEndsAlike(write, second);
                }));
    }

    private Stream<DynamicTest> heldAtEveryCommand(
            String what, Supplier<KeyedWrite> prepare, Consumer<KeyedWrite> meanwhile) {
        return CrashPoint.of(what, LOOK_UP_OF_THE_CALLER + 1, prepare.get().commands(proxy), Action.HOLD)
                .map(point -> DynamicTest.dynamicTest(point.toString(), () -> {
                    heal();
                    var write = prepare.get();
                    proxy.arm(point.command(), point.action());
                    var first = CompletableFuture.supplyAsync(write::send);
                    proxy.awaitHeld();
                    Stored.endLeases(write.client());
                    var second = write.send();
                    meanwhile.accept(write);
                    proxy.release();

                    var slow = first.get();
                    assertThat(slow.status()).as(slow.body()).isIn(200, 409, 503);
                    var answer = second.status() == 503 ? sendAgain(write) : second;
                    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                    assertThat(slow.status() != 200 || slow.body().equals(answer.body()))
                            .isTrue();
                    assertEndsAlike(write, answer);
                }));
    }

    /** The second try, which is held as well, goes on when the first one has ended. */
    private Stream<DynamicTest> bothHeldAtEveryCommand(String what, Supplier<KeyedWrite> prepare) {
        var all = prepare.get().commands(proxy);
        return CrashPoint.of(what, LOOK_UP_OF_THE_CALLER + 1, all, Action.HOLD)
                .flatMap(point -> IntStream.rangeClosed(1, all)
                        .mapToObj(next -> DynamicTest.dynamicTest(point + ", and the next one at " + next, () -> {
                            heal();
                            var write = prepare.get();
                            var releaseFirst = proxy.hold(point.command());
                            var first = CompletableFuture.supplyAsync(write::send);
                            proxy.awaitHeld();
                            Stored.endLeases(write.client());
                            var releaseSecond = proxy.hold(next);
                            var second = CompletableFuture.supplyAsync(write::send);
                            await().until(() -> proxy.isHolding() || second.isDone());
                            proxy.count();
                            releaseFirst.run();
                            var slow = first.get();
                            releaseSecond.run();

                            assertThat(slow.status()).as(slow.body()).isIn(200, 409, 503);
                            var answer = second.get().status() == 200 ? second.get() : write.sendUntilAnswered();
                            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                            assertThat(slow.status() != 200 || slow.body().equals(answer.body()))
                                    .isTrue();
                            assertEndsAlike(write, answer);
                        })));
    }

    /** The second waited for the first on this replica, for longer than a request may. */
    private static Answer sendAgain(KeyedWrite write) {
        Stored.endLeases(write.client());
        return write.send();
    }

    private void assertEndsAlike(KeyedWrite write, Answer answer) {
        pending.complete(Clock.systemUTC(), HOUR);
        var replayed = write.send();
        assertThat(replayed.body()).isEqualTo(answer.body());
        assertThat(replayed.header("ETag")).isEqualTo(answer.header("ETag"));
        assertThat(replayed.header("Idempotent-Replayed")).isEqualTo("true");
        write.check(answer);
        runQueue(DAY);
        assertThat(Tree.flaws()).isEmpty();
    }

    private void runQueueAnHourLater() {
        runQueue(HOUR);
    }

    private void runQueue(Duration later) {
        pending.runQueue(Clock.systemUTC(), later);
    }
}
