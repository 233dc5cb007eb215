package dev.offshoot.api.partner;

import static dev.offshoot.testing.PartnerClient.error;
import static dev.offshoot.testing.PartnerClient.keysOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.offshoot.task.TaskQueue;
import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.PartnerClient.Key;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.Together;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of an API key: minted, listed, limited, rotated, revoked; and who may do that to whose. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class ApiKeysTest {
    private static final String OWN = "/api-keys";
    private final Instant later = Instant.now().plus(Duration.ofDays(30)).truncatedTo(ChronoUnit.MILLIS);
    private static final int ROUNDS = 12;

    @Inject
    TaskQueue queue;

    private final PartnerClient partner = PartnerClient.newPartner();
    private final Created child = partner.createPartner("Child");

    @Test
    void mintedKeyWorksAtOnceAndIsShownOnce() {
        var minted = partner.mint(
                keysOf(child.id()),
                Map.of(
                        "name", "Console",
                        "roles", List.of("partner", "gateway"),
                        "expires_at", later.toString(),
                        "allowed_ips", List.of("127.0.0.1", "::1", "10.0.0.0/8")));

        assertThat(minted.name()).isEqualTo("Console");
        assertThat(minted.roles()).containsExactly("partner", "gateway");
        assertThat(minted.expiresAt()).isEqualTo(later);
        assertThat(minted.allowedIps()).containsExactly("127.0.0.1", "::1", "10.0.0.0/8");
        assertThat(minted.secret()).contains(minted.id()).contains(minted.hint());
        assertThat(minted.revokedAt()).isNull();
        assertThat(PartnerClient.with(minted.secret()).list("").total()).isZero();
        var shown = withoutUse(partner.key(keysOf(child.id()) + "/" + minted.id()));
        assertThat(shown).isEqualTo(withoutSecret(minted));
        assertThat(partner.send("GET", keysOf(child.id())).body()).doesNotContain(minted.secret());
    }

    @Test
    void listShowsKeysInOrderOfTheirIdsRevokedOnesToo() {
        for (var i = 0; i < 5; i++) {
            partner.mint(keysOf(child.id()), "org_owner");
        }
        var revoked = partner.revoke(path(partner.mint(keysOf(child.id()), "standard")));

        var all = partner.keys(keysOf(child.id()));

        assertThat(all).hasSize(8).extracting(Key::id).isSorted();
        assertThat(all).filteredOn(key -> key.revokedAt() != null).containsExactly(revoked);
        assertThat(all).allSatisfy(key -> assertThat(key.secret()).isNull());
        var first = partner.send("GET", keysOf(child.id()) + "?limit=3");
        assertThat(first.json().at("/data/pagination/total_results").intValue()).isEqualTo(8);
        var link = first.header("Link");
        var next = partner.keys(keysOf(child.id()) + link.substring(1, link.indexOf('>')));
        assertThat(next).isEqualTo(all.subList(3, 6));
        assertThat(partner.keys(keysOf(child.id()) + "?limit=3&skip=6")).isEqualTo(all.subList(6, 8));
    }

    @Test
    void changeTouchesWhatItNamesAndHoldsAtOnce() {
        var key = partner.mint(keysOf(child.id()), "partner");
        var client = PartnerClient.with(key.secret());
        client.list("");

        var renamed = partner.changeKey(path(key), Map.of("name", "New"));
        assertThat(renamed.name()).isEqualTo("New");
        assertThat(renamed.expiresAt()).isNull();
        assertThat(client.send("GET", "/organisations").status()).isEqualTo(200);

        partner.changeKey(path(key), Map.of("allowed_ips", List.of("192.0.2.1")));
        assertThat(client.send("GET", "/organisations").status()).isEqualTo(401);
        partner.changeKey(path(key), Map.of("allowed_ips", List.of()));
        assertThat(client.send("GET", "/organisations").status()).isEqualTo(200);

        partner.changeKey(
                path(key), Map.of("expires_at", Instant.now().minusMillis(1).toString()));
        assertThat(client.send("GET", "/organisations").status()).isEqualTo(401);
        var cleared = partner.changeKey(path(key), Collections.singletonMap("expires_at", null));
        assertThat(cleared.name()).isEqualTo("New");
        assertThat(client.send("GET", "/organisations").status()).isEqualTo(200);
    }

    @Test
    void addressThatIsWrittenInManyWaysIsOnTheListOnce() {
        var written = List.of("192.0.2.1", "192.0.2.1/32", "::ffff:192.0.2.1");

        var minted = partner.mint(
                keysOf(child.id()), Map.of("name", "K", "roles", List.of("standard"), "allowed_ips", written));

        assertThat(minted.allowedIps()).containsExactly("192.0.2.1");
        assertThat(partner.changeKey(path(minted), Map.of("allowed_ips", written))
                        .allowedIps())
                .containsExactly("192.0.2.1");
    }

    @Test
    void revokedKeyIsRefusedAtOnceAndStaysRevoked() {
        var key = partner.mint(keysOf(child.id()), "partner");
        var client = PartnerClient.with(key.secret());
        client.list("");

        var revoked = partner.revoke(path(key));

        assertThat(revoked.revokedAt()).isNotNull();
        assertThat(client.send("GET", "/organisations").status()).isEqualTo(401);
        for (var call : List.of("PATCH", "DELETE")) {
            var again = call.equals("DELETE")
                    ? partner.send("DELETE", path(key))
                    : partner.send("PATCH", path(key), Map.of("name", "X"));
            assertThat(error(again, 404).code()).isEqualTo("api_key_not_found");
        }
        assertThat(error(partner.send("POST", path(key) + "/rotate", Map.of()), 404)
                        .code())
                .isEqualTo("api_key_not_found");
        assertThat(partner.key(path(key))).isEqualTo(revoked);
    }

    @Test
    void successorIsLikeThePredecessorAndThePredecessorEnds() {
        var key = partner.mint(
                keysOf(child.id()),
                Map.of(
                        "name", "K",
                        "roles", List.of("partner", "standard"),
                        "expires_at", later.toString(),
                        "allowed_ips", List.of("127.0.0.0/8")));

        var successor = partner.rotate(path(key), Map.of("overlap_seconds", 3600));

        assertThat(successor.id()).isNotEqualTo(key.id());
        assertThat(successor.name()).isEqualTo("K");
        assertThat(successor.roles()).isEqualTo(key.roles());
        assertThat(successor.expiresAt()).isEqualTo(later);
        assertThat(successor.allowedIps()).isEqualTo(key.allowedIps());
        assertThat(PartnerClient.with(key.secret()).list("").total()).isZero();
        assertThat(PartnerClient.with(successor.secret()).list("").total()).isZero();
        var predecessor = partner.key(path(key));
        assertThat(predecessor.expiresAt()).isCloseTo(Instant.now().plusSeconds(3600), within(10, ChronoUnit.SECONDS));
        assertThat(error(partner.send("POST", path(key) + "/rotate", Map.of()), 404)
                        .code())
                .isEqualTo("api_key_not_found");
        assertThat(partner.rotate(path(successor), Map.of()).roles()).isEqualTo(key.roles());
    }

    @ParameterizedTest
    @CsvSource({"10, 604800, 10", "3600, 60, 60", "3600, 3600, 3600"})
    void rotationNeverProlongsThePredecessor(int lifeSeconds, int overlapSeconds, int leftSeconds) {
        var end = Instant.now().plusSeconds(lifeSeconds).truncatedTo(ChronoUnit.MILLIS);
        var key = partner.mint(
                keysOf(child.id()), Map.of("name", "K", "roles", List.of("standard"), "expires_at", end.toString()));

        var successor = partner.rotate(path(key), Map.of("overlap_seconds", overlapSeconds));

        var left = partner.key(path(key)).expiresAt();
        assertThat(left).isBeforeOrEqualTo(end);
        assertThat(left).isCloseTo(Instant.now().plusSeconds(leftSeconds), within(5, ChronoUnit.SECONDS));
        assertThat(successor.expiresAt()).isEqualTo(end);
    }

    /** A tool that configures keys sends every field whenever it changes one. */
    @ParameterizedTest
    @CsvSource({"null,0", "null,3600", "'\"2999-01-01T00:00:00Z\"',0", "'\"2999-01-01T00:00:00Z\"',3600"})
    void noLaterExpiryOutlivesTheEndThatARotationSet(String expiry, int overlapSeconds) {
        var key = partner.mint(keysOf(child.id()), "standard");
        partner.rotate(path(key), Map.of("overlap_seconds", overlapSeconds));
        var end = partner.key(path(key)).expiresAt();

        var changed = partner.sendText("PATCH", path(key), "{\"name\":\"Renamed\",\"expires_at\":" + expiry + "}");

        assertThat(changed.status()).as(changed.body()).isEqualTo(200);
        assertThat(partner.key(path(key)).name()).isEqualTo("Renamed");
        assertThat(partner.key(path(key)).expiresAt()).isEqualTo(end);
        assertThat(partner.verify(key.secret()).code()).isEqualTo(overlapSeconds == 0 ? "expired" : "valid");
        assertThat(partner.verify(key.secret()).expiresAt()).isEqualTo(overlapSeconds == 0 ? null : end);
        assertThat(partner.keys(keysOf(child.id()) + "?expires_before=" + end.plusMillis(1)))
                .extracting(Key::id)
                .containsExactly(key.id());
        assertThat(partner.keys(keysOf(child.id()) + "?expires_before=" + end)).isEmpty();
    }

    @Test
    void earlierExpiryOfARotatedKeyIsTakenAndTakenBack() {
        var key = partner.mint(keysOf(child.id()), "standard");
        partner.rotate(path(key), Map.of("overlap_seconds", 3600));
        var end = partner.key(path(key)).expiresAt();
        var earlier = end.minusSeconds(60);

        var shortened = partner.changeKey(path(key), Map.of("expires_at", earlier.toString()));
        var again = partner.changeKey(path(key), Collections.singletonMap("expires_at", null));

        assertThat(shortened.expiresAt()).isEqualTo(earlier);
        assertThat(again.expiresAt()).isEqualTo(end);
    }

    /** The end is the earlier of both when it is set, and stands as that. */
    @Test
    void ownExpiryThatWasEarlierThanTheOverlapStands() {
        var end = Instant.now().plusSeconds(600).truncatedTo(ChronoUnit.MILLIS);
        var key = partner.mint(
                keysOf(child.id()), Map.of("name", "K", "roles", List.of("standard"), "expires_at", end.toString()));
        partner.rotate(path(key), Map.of("overlap_seconds", 3600));

        var changed = partner.changeKey(path(key), Collections.singletonMap("expires_at", null));

        assertThat(changed.expiresAt()).isEqualTo(end);
    }

    /** An older release noted the end of a rotated key as its expiry. */
    @Test
    void endOfAKeyThatAnOlderReleaseRotatedStandsToo() {
        var key = partner.mint(keysOf(child.id()), "standard");
        var end = Instant.now().plusSeconds(600).truncatedTo(ChronoUnit.MILLIS);
        var old = Stored.otherKey(key.secret(), Map.of("successor", key.id(), "expires_at", Date.from(end)));
        var path = keysOf(child.id()) + "/" + old.substring(4, 16);

        partner.changeKey(path, Map.of("name", "Renamed"));
        var changed = partner.changeKey(path, Collections.singletonMap("expires_at", null));

        assertThat(changed.expiresAt()).isEqualTo(end);
    }

    @Test
    void withoutOverlapThePredecessorIsRefusedAtOnce() {
        var key = partner.mint(keysOf(child.id()), "partner");
        var client = PartnerClient.with(key.secret());
        client.list("");

        var successor = partner.rotate(path(key), Map.of());

        assertThat(client.send("GET", "/organisations").status()).isEqualTo(401);
        assertThat(PartnerClient.with(successor.secret()).list("").total()).isZero();
    }

    @Test
    void keyRotatesItself() {
        var own = PartnerClient.of(child);
        var id = own.keys(OWN).stream()
                .filter(key -> key.roles().contains("partner"))
                .findFirst()
                .orElseThrow()
                .id();

        var successor = own.rotate(OWN + "/" + id, Map.of());

        assertThat(own.send("GET", "/organisations").status()).isEqualTo(401);
        assertThat(PartnerClient.with(successor.secret()).list("").total()).isZero();
    }

    @Test
    void ofManyRotationsAtOnceOneSucceedsAndTheOthersLeaveNoKey() throws Exception {
        for (var round = 0; round < ROUNDS; round++) {
            var key = partner.mint(keysOf(child.id()), "standard");
            List<Callable<Answer>> calls = IntStream.range(0, 4)
                    .<Callable<Answer>>mapToObj(i -> () -> partner.send("POST", path(key) + "/rotate", Map.of()))
                    .toList();

            var answers = Together.run(calls);

            assertThat(answers)
                    .extracting(Answer::status)
                    .containsOnly(200, 404)
                    .containsOnlyOnce(200);
        }
        var live = partner.keys(keysOf(child.id()) + "?limit=100").stream()
                .filter(key -> key.revokedAt() == null && key.expiresAt() == null)
                .toList();
        assertThat(live).hasSize(2 + ROUNDS);
    }

    @Test
    void successorWhoseRotationWasCutOffIsRevokedByTheQueue() {
        var key = partner.mint(keysOf(child.id()), "standard");
        var stray = Stored.otherKey(key.secret(), Map.of("predecessor", key.id()));
        Stored.leaveTask(stray);

        queue.runDue(Clock.offset(Clock.systemUTC(), Duration.ofHours(1)))
                .await()
                .indefinitely();

        var id = stray.substring(4, 16);
        assertThat(partner.key(keysOf(child.id()) + "/" + id).revokedAt()).isNotNull();
        assertThat(partner.key(path(key)).revokedAt()).isNull();
    }

    @Test
    void allKeysOfASubtreeAreRevokedAtOnceAndCounted() {
        var grandchild = PartnerClient.of(child).createPartner("Grandchild");
        var client = PartnerClient.of(grandchild);
        client.list("");
        var sibling = partner.createPartner("Sibling");

        var answer = partner.send("POST", OWN + "/revoke", Map.of("organisation_id", child.id()));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().get("identifier").textValue()).isEqualTo("revoke_api_keys_successful");
        assertThat(answer.json().at("/data/revoked_api_keys").intValue()).isEqualTo(4);
        assertThat(client.send("GET", "/organisations").status()).isEqualTo(401);
        assertThat(PartnerClient.of(child).send("GET", "/organisations").status())
                .isEqualTo(401);
        assertThat(PartnerClient.of(sibling).list("").total()).isZero();
        var again = partner.send("POST", OWN + "/revoke", Map.of("organisation_id", child.id()));
        assertThat(again.json().at("/data/revoked_api_keys").intValue()).isZero();
    }

    @Test
    void nobodyRevokesOrEndsOrShutsOutItself() {
        var own = PartnerClient.of(child);
        var id = own.keys(OWN).stream()
                .filter(key -> key.roles().contains("partner"))
                .findFirst()
                .orElseThrow()
                .id();
        var path = OWN + "/" + id;
        var before = Stored.tree(child.id());

        var answers = List.of(
                own.send("DELETE", path),
                own.send("PATCH", path, Map.of("expires_at", "2020-01-01T00:00:00Z")),
                own.send("PATCH", path, Map.of("allowed_ips", List.of("192.0.2.1"))),
                own.send("POST", OWN + "/revoke", Map.of("organisation_id", child.id())));

        assertThat(answers)
                .allSatisfy(answer -> assertThat(error(answer, 409).code()).isEqualTo("caller_locked_out"));
        assertThat(Stored.tree(child.id())).isEqualTo(before);
        assertThat(own.changeKey(path, Map.of("allowed_ips", List.of("127.0.0.1")))
                        .allowedIps())
                .containsExactly("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"partner", "gateway"})
    void ownerHandlesNoKeyOfARoleItCouldNotMint(String role) {
        var owner =
                PartnerClient.with(partner.mint(keysOf(child.id()), "org_owner").secret());
        var foreign = partner.mint(keysOf(child.id()), role, "standard");
        var path = OWN + "/" + foreign.id();

        assertThat(owner.keys(OWN)).extracting(Key::id).doesNotContain(foreign.id());
        for (var answer : List.of(
                owner.send("GET", path),
                owner.send("PATCH", path, Map.of("name", "X")),
                owner.send("POST", path + "/rotate", Map.of()),
                owner.send("DELETE", path))) {
            assertThat(error(answer, 404).code()).isEqualTo("api_key_not_found");
        }
        var minted = owner.send("POST", OWN, Map.of("name", "X", "roles", List.of(role)));
        assertThat(error(minted, 400).violation()).containsOnlyKeys("roles");
        for (var allowed : List.of("org_owner", "org_read_only", "standard")) {
            var key = owner.mint(OWN, allowed);
            owner.rotate(OWN + "/" + key.id(), Map.of());
            owner.revoke(OWN + "/" + key.id());
        }
        assertThat(PartnerClient.with(foreign.secret())
                        .send("GET", "/organisations")
                        .status())
                .isEqualTo(role.equals("partner") ? 200 : 401);
    }

    @Test
    void onlyAPartnersKeyActsForMoreThanOne() {
        var customer = partner.create("Customer").id();

        for (var role : List.of("partner", "gateway")) {
            var answer = partner.send("POST", keysOf(customer), Map.of("name", "X", "roles", List.of(role)));
            assertThat(error(answer, 400).violation()).containsOnlyKeys("roles");
        }
        for (var role : Arrays.asList("org_owner", "org_read_only", "standard")) {
            assertThat(partner.mint(keysOf(customer), role).roles()).containsExactly(role);
        }
    }

    @Test
    void keyOfADeletedOrganisationIsGoneWithIt() {
        var key = partner.mint(keysOf(child.id()), "partner");
        partner.delete(child.id());

        assertThat(error(partner.send("GET", path(key)), 404).code()).isEqualTo("organisation_not_found");
        assertThat(partner.keys(OWN + "?scope=subtree")).extracting(Key::id).doesNotContain(key.id());
    }

    @Test
    void commandsAreFew() {
        var key = partner.mint(keysOf(child.id()), "standard");
        partner.list("");

        assertThat(Commands.during(() -> partner.keys(keysOf(child.id()))))
                .containsExactlyInAnyOrder("find", "find", "aggregate");
        assertThat(Commands.during(() -> partner.key(path(key)))).containsExactly("find", "find");
        assertThat(Commands.during(() -> partner.mint(keysOf(child.id()), "standard")))
                .containsExactly("find", "insert");
        assertThat(Commands.during(() -> partner.rotate(path(key), Map.of("overlap_seconds", 60))))
                .containsExactly("find", "find", "insert", "update");
        assertThat(Commands.during(() -> partner.changeKey(path(key), Map.of("name", "X"))))
                .containsExactly("find", "find", "update");
        assertThat(Commands.during(() -> partner.revoke(path(key)))).containsExactly("find", "find", "update", "find");
    }

    private String path(Key key) {
        return keysOf(child.id()) + "/" + key.id();
    }

    private static Key withoutSecret(Key key) {
        return copy(key, key.lastUsedAt(), key.lastUsedFrom());
    }

    private static Key withoutUse(Key key) {
        return copy(key, null, null);
    }

    private static Key copy(Key key, Instant lastUsedAt, String lastUsedFrom) {
        return new Key(
                key.id(),
                key.organisationId(),
                key.name(),
                key.roles(),
                key.hint(),
                key.createdAt(),
                lastUsedAt,
                lastUsedFrom,
                key.expiresAt(),
                key.allowedIps(),
                key.revokedAt(),
                null);
    }
}
