package dev.offshoot.api.cloudmanager;

import static dev.offshoot.testing.DigestClient.challenge;
import static dev.offshoot.testing.DigestClient.header;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.Filters;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.digest.NonceCounts;
import dev.offshoot.task.TaskQueue;
import dev.offshoot.testing.Commands;
import dev.offshoot.testing.DigestClient;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.Logs;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.TestClock;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.testing.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How clients sign their calls, and what becomes of those that do it wrongly. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class DigestTest {
    private static final String ORGS = "/api/public/v1.0/orgs";
    private static final Map<String, String> BODY = Map.of("name", "A");

    /** As long as a nonce of ours, but for its MAC a right one. */
    private static final String ZEROS = "0000000000000000000000000000000000000000000000000000000000000000";

    private final PartnerClient partner = PartnerClient.newPartner();
    private final String key = Objects.requireNonNull(partner.key());
    private final DigestClient client = DigestClient.with(key);

    @Inject
    TestClock clock;

    @Inject
    NonceCounts counts;

    @Inject
    TaskQueue queue;

    @AfterEach
    void resetClock() {
        clock.reset();
    }

    @Test
    void challengeIsOneHeaderOfExactlyTheFormThatAllClientsTake() {
        var answer = client.send("GET", ORGS);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.headers().allValues("WWW-Authenticate"))
                .singleElement()
                .asString()
                .matches(
                        "Digest realm=\"MMS Public API\", domain=\"\", nonce=\"[0-9a-f]+\", algorithm=MD5, qop=\"auth\", stale=false");
    }

    @Test
    void errorIsShortAndInThisApisShape() {
        var answer = client.send("GET", ORGS);

        assertThat(answer.body().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(2048);
        assertThat(answer.header("Content-Type")).startsWith("application/json").doesNotContainIgnoringCase("8859");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.json().properties().stream().map(Map.Entry::getKey))
                .containsExactlyInAnyOrder("detail", "error", "errorCode", "parameters", "reason");
        assertThat(answer.json().get("error").isInt()).isTrue();
        assertThat(answer.json().get("error").intValue()).isEqualTo(401);
        assertThat(answer.json().get("errorCode").textValue()).isEqualTo("NO_CURRENT_USER");
        assertThat(answer.json().get("reason").textValue()).isEqualTo("Unauthorized");
        assertThat(answer.json().get("parameters").isArray()).isTrue();
    }

    @Test
    void errorKeepsTheConnection() throws IOException {
        try (var wire = Wire.open()) {
            for (var i = 0; i < 3; i++) {
                var refused = wire.head("GET " + ORGS + " HTTP/1.1", "Host: a").read();
                assertThat(refused.header("Connection")).isNotEqualToIgnoringCase("close");
                var credentials =
                        client.credentials("GET", ORGS, challenge(refused).nonce(), "00000001");

                var answer = wire.head("GET " + ORGS + " HTTP/1.1", "Host: a", "Authorization: " + credentials)
                        .read();

                assertThat(answer.status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
    void probeWithoutCredentialsIsChallengedWhateverItLacks(String method) {
        for (var path :
                List.of(ORGS, ORGS + "/", ORGS + "/malformed", "/api/public/v1.0", "/api/public/v1.0/unknown")) {
            assertThat(challenge(client.send(method, path)).stale()).isFalse();
            assertThat(challenge(client.send(method, path + "?pageNum=x")).stale())
                    .isFalse();
        }
    }

    @Test
    void probeWithABodyThatWouldBeRefusedIsChallenged() {
        assertThat(challenge(client.send("POST", ORGS, "no object", List.of())).stale())
                .isFalse();
        assertThat(challenge(client.send("PATCH", ORGS + "/malformed", Map.of("name", 1), List.of()))
                        .stale())
                .isFalse();
    }

    @Test
    void twentyCallsGoOnOneNonce() {
        var session = client.session();

        for (var i = 0; i < 20; i++) {
            assertThat(session.send("GET", ORGS).status()).isEqualTo(200);
        }

        assertThat(session.challenges()).isEqualTo(1);
    }

    @Test
    void readsAndWritesGoOnOneNonce() {
        var session = client.session();
        var id = session.send("POST", ORGS, BODY).json().get("id").textValue();

        assertThat(session.send("PATCH", ORGS + "/" + id, Map.of("name", "B")).status())
                .isEqualTo(200);
        assertThat(session.send("GET", ORGS + "/" + id).json().get("name").textValue())
                .isEqualTo("B");
        assertThat(session.send("DELETE", ORGS + "/" + id).status()).isEqualTo(204);
        assertThat(session.send("GET", ORGS + "/" + id).status()).isEqualTo(404);
        assertThat(session.challenges()).isEqualTo(1);
    }

    @Test
    void eightSessionsOfOneKeyGoOnBesideOneAnother() throws Exception {
        Callable<Integer> session = () -> {
            var own = client.session();
            for (var i = 0; i < 20; i++) {
                assertThat(own.send("GET", ORGS).status()).isEqualTo(200);
            }
            return own.challenges();
        };

        assertThat(inParallel(8, session)).containsOnly(1);
    }

    @Test
    void clientMayTakeANewNonceForEveryCall() {
        var nonces = IntStream.range(0, 5).mapToObj(i -> client.nonce()).collect(toSet());

        assertThat(nonces).hasSize(5).allSatisfy(nonce -> assertThat(get(ORGS, nonce, "00000001"))
                .isEqualTo(200));
    }

    @Test
    void countMayStartAnywhere() {
        var nonce = client.nonce();

        assertThat(get(ORGS, nonce, "0000002a")).isEqualTo(200);
        assertThat(get(ORGS, nonce, "0000002b")).isEqualTo(200);
    }

    @Test
    void countMayBeUnpaddedAndIsHashedAsSent() {
        var nonce = client.nonce();

        assertThat(get(ORGS, nonce, "1")).isEqualTo(200);
        assertThat(get(ORGS, nonce, "2")).isEqualTo(200);
        assertThat(get(ORGS, nonce, "A")).isEqualTo(200);
        assertThat(get(ORGS, nonce, "0b")).isEqualTo(200);
    }

    @Test
    void countMayGoOnInDecimalAcrossNonces() {
        for (var count = 7; count < 13; count += 2) {
            var nonce = client.nonce();
            assertThat(get(ORGS, nonce, "%08d".formatted(count))).isEqualTo(200);
            assertThat(get(ORGS, nonce, "%08d".formatted(count + 1))).isEqualTo(200);
        }
    }

    @Test
    void bothSpellingsOfAPathWork() {
        var nonce = client.nonce();
        var id = partner.create("A").id();

        assertThat(get(ORGS, nonce, "1")).isEqualTo(200);
        assertThat(get(ORGS + "/", nonce, "2")).isEqualTo(200);
        assertThat(get(ORGS + "/" + id, nonce, "3")).isEqualTo(200);
        assertThat(get(ORGS + "/" + id + "/", nonce, "4")).isEqualTo(200);
        assertThat(get(ORGS + "/" + id + "/?pretty=true", nonce, "5")).isEqualTo(200);
    }

    @Test
    void targetIsSignedAsSentWithItsQuery() {
        var nonce = client.nonce();

        assertThat(get(ORGS + "?name=a%20b%2C%22c%22&pretty=true", nonce, "1")).isEqualTo(200);
        assertThat(get(ORGS + "?unknown", nonce, "2")).isEqualTo(200);
    }

    @Test
    void quotingOfQualityAlgorithmAndCountIsTheClientsChoice() {
        var nonce = client.nonce();
        var parameters = client.parameters("GET", ORGS, nonce, "00000001");
        parameters.put("qop", "\"auth\"");
        parameters.put("algorithm", "\"MD5\"");
        parameters.put("nc", "\"00000001\"");
        assertThat(client.send("GET", ORGS, header(parameters)).status()).isEqualTo(200);

        var without = client.parameters("GET", ORGS, nonce, "00000002");
        without.remove("algorithm");
        assertThat(client.send("GET", ORGS, header(without)).status()).isEqualTo(200);
    }

    @Test
    void headIsSignedAsHead() {
        var nonce = client.nonce();

        assertThat(client.send("HEAD", ORGS, client.credentials("HEAD", ORGS, nonce, "1"))
                        .status())
                .isEqualTo(200);
        assertThat(client.send("HEAD", ORGS, client.credentials("GET", ORGS, nonce, "2"))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void keyOfThePartnerApiWorksAtOnce() {
        for (var i = 0; i < 5; i++) {
            var minted = DigestClient.with(
                    Objects.requireNonNull(partner.createPartner("A").partnerKey()));

            assertThat(minted.session().send("GET", ORGS).status()).isEqualTo(200);
        }
    }

    @Test
    void keyOfTheDataPlaneIsNoUserHere() {
        var standard = DigestClient.with(partner.create("A").apiKey());
        var nonce = standard.nonce();

        for (var path : List.of(ORGS, ORGS + "/malformed", "/api/public/v1.0/unknown")) {
            var answer = standard.send("GET", path, standard.credentials("GET", path, nonce, "1"));
            assertThat(challenge(answer).stale()).isFalse();
            nonce = challenge(answer).nonce();
        }
    }

    @Test
    void keyOfADeletedOrganisationIsRefusedAtOnce() {
        var child = partner.createPartner("A");
        var session =
                DigestClient.with(Objects.requireNonNull(child.partnerKey())).session();
        assertThat(session.send("GET", ORGS).status()).isEqualTo(200);

        partner.delete(child.id());

        assertThat(challenge(session.send("GET", ORGS)).stale()).isFalse();
    }

    @Test
    void revokedKeyIsRefusedAtOnce() {
        var owner = client.session();
        var keys = ORGS + "/" + partner.createPartner("A").id() + "/apiKeys";
        var minted = owner.send("POST", keys, Map.of("desc", "A", "roles", List.of("ORG_OWNER")))
                .json();
        var session = DigestClient.with(minted.get("privateKey").textValue()).session();
        assertThat(session.send("GET", ORGS).status()).isEqualTo(200);

        assertThat(owner.send("DELETE", keys + "/" + minted.get("id").textValue())
                        .status())
                .isEqualTo(204);

        assertThat(challenge(session.send("GET", ORGS)).stale()).isFalse();
    }

    @Test
    void expiredNonceIsStaleForWhoKnowsTheKeyOnly() {
        var nonce = client.nonce();
        clock.moveTo(clock.instant().plus(Duration.ofMinutes(5)));

        var ours = client.send("GET", ORGS, client.credentials("GET", ORGS, nonce, "1"));
        var others = client.send("GET", ORGS, impostor().credentials("GET", ORGS, nonce, "1"));

        assertThat(challenge(ours).stale()).isTrue();
        assertThat(challenge(others).stale()).isFalse();
        assertThat(get(ORGS, challenge(ours).nonce(), "1")).isEqualTo(200);
    }

    @Test
    void nonceIsGoodForNearlyFiveMinutes() {
        var nonce = client.nonce();
        clock.moveTo(clock.instant().plus(Duration.ofMinutes(5)).minusSeconds(20));

        assertThat(get(ORGS, nonce, "1")).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "deadbeef", "a nonce", "00000000000000000000000000000000", ZEROS})
    void nonceThatIsNotOursIsStaleWhateverTheDigestAndCostsNoLookUp(String nonce) {
        var stranger = DigestClient.with(KeySecret.mint().reveal());
        var sent = Stream.of(client, impostor(), stranger)
                .map(caller -> caller.credentials("GET", ORGS, nonce, "1"))
                .toList();

        var commands = Commands.during(() -> sent.forEach(credentials -> {
            var refused = client.send("GET", ORGS, credentials);
            assertThat(challenge(refused).stale()).isTrue();
            assertThat(challenge(refused).nonce()).isNotEqualTo(nonce);
        }));

        assertThat(commands).isEmpty();
    }

    @Test
    void replayedReadIsStale() {
        var credentials = client.credentials("GET", ORGS, client.nonce(), "00000001");
        assertThat(client.send("GET", ORGS, credentials).status()).isEqualTo(200);

        assertThat(challenge(client.send("GET", ORGS, credentials)).stale()).isTrue();
    }

    @Test
    void replayedWriteIsStaleAndDoesNothing() {
        var credentials = List.of(client.credentials("POST", ORGS, client.nonce(), "00000001"));
        assertThat(client.send("POST", ORGS, BODY, credentials).status()).isEqualTo(200);

        assertThat(challenge(client.send("POST", ORGS, BODY, credentials)).stale())
                .isTrue();

        assertThat(partner.list("").total()).isEqualTo(1);
    }

    @Test
    void writesUseOfANonceIsKeptForAsLongAsTheNonceMayLiveAndThenSwept() {
        var nonce = client.nonce();
        var credentials = List.of(client.credentials("POST", ORGS, nonce, "0000000a"));
        assertThat(client.send("POST", ORGS, BODY, credentials).status()).isEqualTo(200);
        assertThat(get(ORGS, nonce, "0000000b")).isEqualTo(200);

        runQueue(Duration.ofMinutes(6));
        assertThat(usesOf(nonce)).containsExactly(nonce + "/10");

        runQueue(Duration.ofMinutes(11));
        assertThat(usesOf(nonce)).isEmpty();
    }

    @Test
    void sameWriteSentByManyAtOnceIsDoneOnce() throws Exception {
        var credentials = List.of(client.credentials("POST", ORGS, client.nonce(), "00000001"));

        var statuses =
                inParallel(8, () -> client.send("POST", ORGS, BODY, credentials).status());

        assertThat(statuses).containsOnly(200, 401).containsOnlyOnce(200);
        assertThat(partner.list("").total()).isEqualTo(1);
    }

    @Test
    void countThatWasOvertakenIsStaleAndTheClientRecovers() {
        var nonce = client.nonce();
        assertThat(get(ORGS, nonce, "00000003")).isEqualTo(200);

        var overtaken = client.send("GET", ORGS, client.credentials("GET", ORGS, nonce, "00000002"));

        assertThat(challenge(overtaken).stale()).isTrue();
        assertThat(get(ORGS, challenge(overtaken).nonce(), "00000001")).isEqualTo(200);
        assertThat(get(ORGS, nonce, "00000004")).isEqualTo(200);
    }

    @Test
    void sameCountWrittenOtherwiseIsAReplay() {
        var nonce = client.nonce();
        assertThat(get(ORGS, nonce, "0000000a")).isEqualTo(200);

        for (var count : List.of("a", "A", "0A", "0000000A")) {
            assertThat(challenge(client.send("GET", ORGS, client.credentials("GET", ORGS, nonce, count)))
                            .stale())
                    .isTrue();
        }
    }

    static Stream<String> otherTargets() {
        var id = "5a0a1e7e0f2912c554080adc";
        return Stream.of(
                ORGS + "/",
                ORGS + "?",
                ORGS + "?pretty=true",
                ORGS + "/" + id,
                "/api/public/v1.0/Orgs",
                "/",
                "",
                "http://localhost" + ORGS,
                "/api/public/v1.0/%6frgs",
                ORGS + "#x");
    }

    @ParameterizedTest
    @MethodSource("otherTargets")
    void credentialsForAnotherTargetAreRefused(String other) {
        var nonce = client.nonce();
        assertThat(challenge(client.send("GET", ORGS, client.credentials("GET", other, nonce, "1")))
                        .stale())
                .isFalse();

        var tampered = client.parameters("GET", other, nonce, "2");
        tampered.put("uri", "\"" + ORGS + "\"");
        assertThat(challenge(client.send("GET", ORGS, header(tampered))).stale())
                .isFalse();

        assertThat(get(ORGS, nonce, "1")).isEqualTo(200);
    }

    @Test
    void credentialsForAnotherMethodAreRefused() {
        var credentials = client.credentials("GET", ORGS, client.nonce(), "1");

        assertThat(challenge(client.send("POST", ORGS, BODY, List.of(credentials)))
                        .stale())
                .isFalse();
        assertThat(partner.list("").total()).isZero();
    }

    @Test
    void failuresOfEveryKindAreAlikeAndQuietAndLeaveNoTrace() {
        var nonce = client.nonce();
        client.session().send("GET", ORGS);
        var before = counts.size();

        var trouble = Logs.troubleDuring(() -> {
            for (var credentials : bad(nonce)) {
                var answer = client.send("GET", ORGS, credentials);
                assertThat(challenge(answer).stale()).as(credentials).isFalse();
                assertThat(answer.body())
                        .as(credentials)
                        .isEqualTo(client.send("GET", ORGS).body());
            }
        });

        assertThat(trouble).isEmpty();
        assertThat(counts.size()).isEqualTo(before);
        assertThat(get(ORGS, nonce, "1")).isEqualTo(200);
    }

    @Test
    void staleCredentialsLeaveNoTraceEither() {
        var nonce = client.nonce();
        assertThat(get(ORGS, nonce, "9")).isEqualTo(200);
        var before = counts.size();

        var trouble = Logs.troubleDuring(() -> {
            for (var i = 0; i < 50; i++) {
                var unknown = "%064x".formatted(i);
                for (var one : List.of(nonce, unknown)) {
                    var credentials = client.credentials("GET", ORGS, one, "8");
                    assertThat(challenge(client.send("GET", ORGS, credentials)).stale())
                            .isTrue();
                }
            }
        });

        assertThat(trouble).isEmpty();
        assertThat(counts.size()).isEqualTo(before);
    }

    @Test
    void twoCredentialsAreNone() {
        var nonce = client.nonce();
        var one = client.credentials("GET", ORGS, nonce, "1");
        var other = client.credentials("GET", ORGS, nonce, "2");

        assertThat(challenge(client.send("GET", ORGS, one, other)).stale()).isFalse();
        assertThat(challenge(client.send("GET", ORGS, one, one)).stale()).isFalse();
        assertThat(challenge(client.send("GET", ORGS, one, "Bearer " + key)).stale())
                .isFalse();
        assertThat(get(ORGS, nonce, "1")).isEqualTo(200);
    }

    @Test
    void bytesThatAreNoTextAreRefusedQuietly() {
        var trouble = Logs.troubleDuring(() -> {
            for (var garbage :
                    List.of("\u00e9", "Digest \u00ff\u00fe=\u0080", "Digest username=\"\u00e9\"", "Digest\t\t", "\t")) {
                assertThat(challenge(onTheWire(garbage)).stale()).isFalse();
            }
            var parameters = client.parameters("GET", ORGS, client.nonce(), "1");
            parameters.put("username", "\"\u00e9\u0080\"");
            assertThat(challenge(onTheWire(header(parameters))).stale()).isFalse();
        });

        assertThat(trouble).isEmpty();
    }

    @Test
    void bytesOfATargetAreSignedAsTheyAreSent() {
        var bytes = new String("caf\u00e9".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        var nonce = client.nonce();
        var count = 0;
        var longest = ORGS + "?x=" + "y".repeat(8_000);
        for (var target : List.of(ORGS + "?", ORGS + "?x=" + bytes, ORGS + "/?&&x", ORGS + "?x=%C3%A9+*'", longest)) {
            var credentials = client.credentials("GET", target, nonce, String.valueOf(++count));

            assertThat(onTheWire(target, credentials).status()).as(target).isEqualTo(200);
        }
    }

    @Test
    void readCostsWhatItCostsWithTheKeyInAHeader() {
        var id = partner.create("A").id();
        var session = client.session();
        session.send("GET", ORGS);

        var direct = Commands.during(() -> partner.get(id));
        var signed = Commands.during(() -> session.send("GET", ORGS + "/" + id));

        assertThat(signed).isEqualTo(direct).containsExactly("find");
        assertThat(Commands.during(() -> session.send("GET", ORGS))).containsExactlyInAnyOrder("find", "aggregate");
    }

    @Test
    void findingOutWhoSignedTakesTwoMore() {
        var nonce = client.nonce();

        assertThat(Commands.during(() -> get(ORGS + "/" + "5a0a1e7e0f2912c554080adc", nonce, "1")))
                .containsExactly("find", "find", "find");
    }

    @Test
    void writeCostsOneMoreThanWithTheKeyInAHeader() {
        var id = partner.create("A").id();
        var session = client.session();
        session.send("GET", ORGS);

        var direct = Commands.during(() -> partner.update(id, Map.of("organisation_name", "B")));
        var signed = Commands.during(() -> session.send("PATCH", ORGS + "/" + id, Map.of("name", "C")));
        var created = Commands.during(() -> session.send("POST", ORGS, BODY));

        assertThat(signed).hasSize(direct.size() + 1).startsWith("insert").containsAll(direct);
        assertThat(created).startsWith("insert").hasSizeLessThanOrEqualTo(5);
    }

    @Test
    void unknownUserCostsTheSameAsAWrongPassword() {
        var fresh = DigestClient.with(
                Objects.requireNonNull(partner.createPartner("A").partnerKey()));
        var wrong = new DigestClient(fresh.base(), fresh.username(), key, fresh.realm());
        var unknown = DigestClient.with(KeySecret.mint().reveal());
        var nonce = client.nonce();

        assertThat(Commands.during(() -> refuse(unknown, nonce))).containsExactly("find");
        assertThat(Commands.during(() -> refuse(wrong, nonce))).containsExactly("find");
    }

    @Test
    void garbageCostsTheDatabaseNothing() {
        var nonce = client.nonce();

        assertThat(Commands.during(() -> client.send("GET", ORGS, "Digest x"))).isEmpty();
        assertThat(Commands.during(() -> client.send("GET", ORGS, client.credentials("GET", "/", nonce, "1"))))
                .isEmpty();
    }

    /** Lets the task queue run as it will after that time. */
    private void runQueue(Duration later) {
        queue.runDue(Clock.offset(clock, later)).await().indefinitely();
    }

    private static List<String> usesOf(String nonce) {
        return TestDatabase.data()
                .getCollection("digest_uses")
                .find(Filters.regex("_id", "^" + nonce))
                .map(use -> use.getString("_id"))
                .into(new ArrayList<>());
    }

    /** Credentials that are wrong in one way each. */
    private List<String> bad(String nonce) {
        var basic =
                Base64.getEncoder().encodeToString((client.username() + ":" + key).getBytes(StandardCharsets.US_ASCII));
        var unknown = DigestClient.with(KeySecret.mint().reveal());
        var changes = Stream.of(
                        Map.entry("realm", "\"Another\""),
                        Map.entry("cnonce", ""),
                        Map.entry("response", "\"\""),
                        Map.entry("response", "\"" + "0".repeat(32) + "\""),
                        Map.entry("nc", "000000001"),
                        Map.entry("nc", "x"),
                        Map.entry("nc", "00000002"),
                        Map.entry("qop", "auth-int"),
                        Map.entry("algorithm", "SHA-256"),
                        Map.entry("algorithm", "MD5-sess"),
                        Map.entry("username", "\"\""),
                        Map.entry("username", "\"" + client.username().toUpperCase(Locale.ROOT) + "\""),
                        Map.entry("username", "\"{\\\"$ne\\\": null}\""),
                        Map.entry("username", "\"" + "x".repeat(3000) + "\""))
                .map(change -> {
                    var parameters = client.parameters("GET", ORGS, nonce, "1");
                    parameters.put(change.getKey(), change.getValue());
                    return header(parameters);
                });
        var missing = client.parameters("GET", ORGS, nonce, "1").keySet().stream()
                .filter(name -> !name.equals("algorithm"))
                .map(name -> {
                    var parameters = client.parameters("GET", ORGS, nonce, "1");
                    parameters.remove(name);
                    return header(parameters);
                });
        var otherRealm = new DigestClient(client.base(), client.username(), key, "Another");
        var others = Stream.of(
                impostor().credentials("GET", ORGS, nonce, "1"),
                unknown.credentials("GET", ORGS, nonce, "1"),
                otherRealm.credentials("GET", ORGS, nonce, "1"),
                client.credentials("GET", ORGS, nonce, "1") + ", nc=1",
                client.credentials("GET", ORGS, nonce, "1") + ", x=\"" + "y".repeat(9 * 1024) + "\"",
                "Basic " + basic,
                "Bearer " + key,
                key,
                "Digest",
                "Digest ,,,,",
                "Digest " + "\\".repeat(9000),
                "Digest username=\"" + "\\\"".repeat(4500),
                "Digest \"\"=\"\"",
                "Negotiate oRMwEaADCgEA");
        return Stream.of(changes, missing, others).flatMap(all -> all).toList();
    }

    private int get(String target, String nonce, String count) {
        return client.send("GET", target, client.credentials("GET", target, nonce, count))
                .status();
    }

    private static void refuse(DigestClient client, String nonce) {
        assertThat(challenge(client.send("GET", ORGS, client.credentials("GET", ORGS, nonce, "1")))
                        .stale())
                .isFalse();
    }

    /** Who knows the key id alone. */
    private DigestClient impostor() {
        return new DigestClient(
                client.base(), client.username(), KeySecret.mint().reveal(), client.realm());
    }

    private static Answer onTheWire(String credentials) {
        return onTheWire(ORGS, credentials);
    }

    private static Answer onTheWire(String target, String credentials) {
        try (var wire = Wire.open()) {
            return wire.head("GET " + target + " HTTP/1.1", "Host: a", "Authorization: " + credentials)
                    .read();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static <T> List<T> inParallel(int times, Callable<T> action) throws Exception {
        var threads = Executors.newFixedThreadPool(times);
        try {
            var results = new ArrayList<T>();
            for (var running : threads.invokeAll(Collections.nCopies(times, action))) {
                results.add(running.get(60, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
