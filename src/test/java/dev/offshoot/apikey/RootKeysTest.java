package dev.offshoot.apikey;

import static dev.offshoot.testing.PartnerClient.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.task.TaskQueue;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.Together;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The root keeps a live partner key without expiry and access list. The run's own root key is one, and all tests need it:
 * here it is only ever tried to be lost by keys that could, while it is the last.
 */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class RootKeysTest {
    private static final String KEYS = "/api-keys";
    private static final String LAST = "last_partner_key";
    private static final int ROUNDS = 6;

    @Inject
    TaskQueue queue;

    private final PartnerClient root = PartnerClient.root();
    private final String rootKey = KEYS + "/" + idOfRootKey();

    /** A root partner key that ends, so that it does not keep the root open. */
    private PartnerClient ending() {
        var end = Instant.now().plus(Duration.ofHours(1)).toString();
        var key = root.mint(KEYS, Map.of("name", "Ending", "roles", List.of("partner"), "expires_at", end));
        return PartnerClient.with(key.secret());
    }

    @Test
    void lastOneIsNeitherRevokedNorEndedNorShutIn() {
        var other = ending();
        var before = Stored.organisation("000000000000000000000001");

        var answers = List.of(
                other.send("DELETE", rootKey),
                other.send("PATCH", rootKey, Map.of("expires_at", "2099-01-01T00:00:00Z")),
                other.send("PATCH", rootKey, Map.of("allowed_ips", List.of("127.0.0.1"))));

        assertThat(answers)
                .allSatisfy(answer -> assertThat(error(answer, 409).code()).isEqualTo(LAST));
        assertThat(other.changeKey(rootKey, Map.of("name", "Root key")).revokedAt())
                .isNull();
        assertThat(Stored.organisation("000000000000000000000001")).isEqualTo(before);
        assertThat(root.send("GET", "/organisations").status()).isEqualTo(200);
    }

    @Test
    void oneOfTwoMayGoAndComeBack() {
        var second = root.mint(KEYS, "partner");
        var path = KEYS + "/" + second.id();

        assertThat(root.changeKey(path, Map.of("allowed_ips", List.of("192.0.2.1")))
                        .allowedIps())
                .hasSize(1);
        assertThat(error(ending().send("DELETE", rootKey), 409).code()).isEqualTo(LAST);
        root.changeKey(path, Map.of("allowed_ips", List.of()));
        assertThat(Stored.notedRootKeys()).contains(second.id());
        root.revoke(path);
        assertThat(Stored.notedRootKeys()).doesNotContain(second.id());
        assertThat(error(ending().send("DELETE", rootKey), 409).code()).isEqualTo(LAST);
    }

    @Test
    void successorTakesThePredecessorsPlace() {
        var second = root.mint(KEYS, "partner");

        var successor = root.rotate(KEYS + "/" + second.id(), Map.of("overlap_seconds", 60));

        assertThat(Stored.notedRootKeys()).contains(successor.id()).doesNotContain(second.id());
        root.revoke(KEYS + "/" + successor.id());
        assertThat(error(ending().send("DELETE", rootKey), 409).code()).isEqualTo(LAST);
    }

    /** Its end stands, so that it will not keep the root open. */
    @Test
    void predecessorDoesNotComeBack() {
        var second = root.mint(KEYS, "partner");
        var path = KEYS + "/" + second.id();
        var successor = root.rotate(path, Map.of("overlap_seconds", 3600));

        var changed = root.changeKey(path, Collections.singletonMap("expires_at", null));

        assertThat(changed.expiresAt()).isNotNull();
        assertThat(Stored.notedRootKeys()).contains(successor.id()).doesNotContain(second.id());
        root.revoke(path);
        root.revoke(KEYS + "/" + successor.id());
    }

    @Test
    void otherKeysOfTheRootDoNotKeepItOpen() {
        var before = Stored.notedRootKeys();

        root.mint(KEYS, "gateway");
        root.mint(KEYS, "org_owner");
        ending();

        assertThat(Stored.notedRootKeys()).isEqualTo(before);
    }

    @Test
    void oneIsLeftWhenTheyAreRevokedAllAtOnce() throws Exception {
        for (var round = 0; round < ROUNDS; round++) {
            var actor = ending();
            var second = root.mint(KEYS, "partner");
            var third = root.mint(KEYS, "partner");
            // The run's own stands back, as if it were none of them.
            Stored.forgetRootKey(Installation.rootKey());

            List<Callable<Answer>> calls = List.of(
                    () -> actor.send("DELETE", KEYS + "/" + second.id()),
                    () -> actor.send("DELETE", KEYS + "/" + third.id()));
            var answers = Together.run(calls);

            Stored.noteRootKey(Installation.rootKey());
            assertThat(answers).extracting(Answer::status).containsOnlyOnce(409).containsOnlyOnce(200);
            var live = Stream.of(second, third)
                    .map(key -> root.key(KEYS + "/" + key.id()))
                    .filter(key -> key.revokedAt() == null)
                    .toList();
            assertThat(live).hasSize(1);
            root.revoke(KEYS + "/" + live.get(0).id());
        }
    }

    @Test
    void oneIsLeftWhenTheLastIsRotatedAndRevokedOrChangedAtOnce() throws Exception {
        for (var round = 0; round < ROUNDS; round++) {
            var actor = ending();
            var last = root.mint(KEYS, "partner");
            var path = KEYS + "/" + last.id();
            var revoke = round % 2 == 0;
            Stored.forgetRootKey(Installation.rootKey());

            Together.run(List.<Callable<Answer>>of(
                    () -> actor.send("POST", path + "/rotate", Map.of()),
                    () -> revoke
                            ? actor.send("DELETE", path)
                            : actor.send("PATCH", path, Map.of("expires_at", "2099-01-01T00:00:00Z"))));

            var noted = Stored.notedRootKeys();
            Stored.noteRootKey(Installation.rootKey());
            assertThat(noted).hasSize(1);
            assertThat(Stored.openRootKeys()).containsExactlyInAnyOrder(noted.get(0), idOfRootKey());
            root.revoke(KEYS + "/" + noted.get(0));
        }
    }

    @Test
    void successorWhoseRotationWasCutOffGivesThePlaceBack() {
        var last = root.mint(KEYS, "partner");
        var stray = Stored.otherKey(last.secret(), Map.of("predecessor", last.id()));
        Stored.leaveTask(stray);
        Stored.forgetRootKey(last.secret());
        Stored.noteRootKey(stray);

        queue.runDue(Clock.offset(Clock.systemUTC(), Duration.ofHours(1)))
                .await()
                .indefinitely();

        assertThat(Stored.notedRootKeys()).contains(last.id()).doesNotContain(stray.substring(4, 16));
        assertThat(root.key(KEYS + "/" + stray.substring(4, 16)).revokedAt()).isNotNull();
        root.revoke(KEYS + "/" + last.id());
    }

    @Test
    void successorWhoseRotationWasCutOffLeavesThePredecessorNotedOnce() {
        var last = root.mint(KEYS, "partner");
        var stray = Stored.otherKey(last.secret(), Map.of("predecessor", last.id()));
        Stored.leaveTask(stray);
        Stored.noteRootKey(stray);

        queue.runDue(Clock.offset(Clock.systemUTC(), Duration.ofHours(1)))
                .await()
                .indefinitely();

        assertThat(Stored.notedRootKeys()).containsOnlyOnce(last.id()).doesNotContain(stray.substring(4, 16));
        root.revoke(KEYS + "/" + last.id());
    }

    private static String idOfRootKey() {
        return Installation.rootKey().substring(4, 16);
    }
}
