package dev.offshoot.api.partner;

import static com.mongodb.client.model.Filters.eq;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.task.AnsweredChanges;
import dev.offshoot.task.TaskQueue;
import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Http;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes that are sent again with their {@code Idempotency-Key}: done once, and answered alike. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class RetriesTest {
    private static final String HEADER = "Idempotency-Key";
    private static final int MANY = 64;
    private static final Duration KEPT = Duration.ofHours(24);

    @Inject
    TaskQueue queue;

    @Inject
    AnsweredChanges answered;

    private final PartnerClient partner = PartnerClient.newPartner();
    private final String key = UUID.randomUUID().toString();

    /** Other tests look for pending tasks in the whole database. */
    @AfterEach
    void forgetAnsweredChanges() {
        answered.flush().await().indefinitely();
    }

    @Test
    void sameRequestGetsTheSameAnswerAgain() {
        var first = create(partner, key, "A");
        var again = create(partner, key, "A");

        assertThat(first.status()).as(first.body()).isEqualTo(200);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(lasting(again)).isEqualTo(lasting(first)).containsKeys("etag", "content-type");
        assertThat(partner.list("").organisations()).hasSize(1);
        assertThat(verify(first)).isEqualTo("valid");
    }

    @Test
    void headerChangesNothingInTheFirstAnswer() {
        var without = partner.send("POST", "/organisations", PartnerClient.body("A"));
        var with = create(partner, key, "B");

        assertThat(lasting(with).keySet()).isEqualTo(lasting(without).keySet());
        assertThat(with.header("Content-Type")).isEqualTo(without.header("Content-Type"));
        assertThat(with.headers().map()).doesNotContainKey("idempotent-replayed");
        assertThat(shape(with)).isEqualTo(shape(without));
    }

    @Test
    void keysOfAPartnerAreGivenAgain() {
        var body = PartnerClient.body("A");
        body.put("is_partner", true);

        var first = send(partner, key, Http.text(body));

        assertThat(send(partner, key, Http.text(body)).body()).isEqualTo(first.body());
        var own = first.json().at("/data/organisation/partner_api_key").textValue();
        assertThat(PartnerClient.with(own).list("").organisations()).isEmpty();
    }

    @Test
    void firstTryTakesTwoCommandsMoreAndAReplayOnlyLooks() {
        partner.list("");

        assertThat(Commands.during(() -> partner.create("A"))).containsExactly("insert", "insert");
        assertThat(Commands.during(() -> create(partner, key, "B")))
                .containsExactly("insert", "insert", "insert", "update");
        assertThat(Commands.during(() -> create(partner, key, "B"))).containsExactly("insert", "find", "find");
        assertThat(Commands.during(() -> create(partner, key, "C"))).containsExactly("insert", "find");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u00e9", "a\tb", "<256>"})
    void malformedKeyIsRefused(String malformed) {
        var sent = malformed.equals("<256>") ? "a".repeat(256) : malformed;

        assertThat(PartnerClient.violations(create(partner, sent, "A"))).containsExactly("idempotency_key");
        assertThat(partner.list("").organisations()).isEmpty();
    }

    @Test
    void repeatedKeyIsRefused() {
        var twice = partner.keyed("POST", "/organisations", Http.text(PartnerClient.body("A")))
                .headers(HEADER, key, HEADER, key);

        assertThat(PartnerClient.violations(twice.send())).containsExactly("idempotency_key");
    }

    @Test
    void longestKeyIsTakenAndQuotesAreAPartOfIt() {
        var longest = "~".repeat(255);
        var quoted = create(partner, '"' + key + '"', "A");

        assertThat(create(partner, longest, "A").status()).isEqualTo(200);
        assertThat(create(partner, longest, "A").header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(quoted.status()).isEqualTo(200);
        assertThat(create(partner, key, "B").status()).isEqualTo(200);
    }

    @Test
    void anotherRequestIsRefused() {
        var body = Http.text(PartnerClient.body("A"));
        send(partner, key, body);

        for (var other : List.of(body + " ", body.replace("\"A\"", "\"B\""))) {
            assertReused(send(partner, key, other));
        }
        for (var path : List.of("/organisations?", "/organisations?x=1", "/organisations/")) {
            assertReused(partner.call("POST", path, body, Map.of(HEADER, key)));
        }
        assertThat(partner.list("").organisations()).hasSize(1);
    }

    @Test
    void refusedRequestIsNotKept() {
        assertThat(send(partner, key, "{}").status()).isEqualTo(400);

        assertThat(create(partner, key, "A").status()).isEqualTo(200);
    }

    @Test
    void conflictIsKept() {
        var body = PartnerClient.body("A");
        body.put("partner_external_id", "a");
        var holder = partner.create(body);
        var first = send(partner, key, Http.text(body));
        partner.delete(holder.id());

        var again = send(partner, key, Http.text(body));

        assertThat(PartnerClient.error(first, 409).code()).isEqualTo("partner_external_id_taken");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.header("X-Request-Id")).isNotEqualTo(first.header("X-Request-Id"));
        assertThat(lasting(again)).isEqualTo(lasting(first));
        assertThat(partner.list("").organisations()).isEmpty();
    }

    @Test
    void keyBelongsToTheOrganisationOfTheCaller() {
        var other = PartnerClient.newPartner();

        var own = create(partner, key, "A");
        var others = create(other, key, "A");

        assertThat(others.status()).isEqualTo(200);
        assertThat(others.body()).isNotEqualTo(own.body());
        assertThat(other.list("").organisations()).hasSize(1);
    }

    @Test
    void anotherKeyWithTheSameRolesGetsTheAnswerAndOneWithOthersDoesNot() {
        var same = PartnerClient.with(partner.mint("/api-keys", "partner").secret());
        var more = PartnerClient.with(
                partner.mint("/api-keys", "partner", "gateway").secret());
        var first = create(partner, key, "A");

        assertThat(create(same, key, "A").body()).isEqualTo(first.body());
        assertReused(create(more, key, "A"));
    }

    @Test
    void callerIsJudgedAnew() {
        var minted = partner.mint("/api-keys", "partner");
        var caller = PartnerClient.with(minted.secret());
        create(caller, key, "A");
        partner.revoke("/api-keys/" + minted.id());

        assertThat(create(caller, key, "A").status()).isEqualTo(401);
    }

    @Test
    void answerIsNotGivenWhenTheOrganisationCanNotBeSeenAnyMore() {
        var first = create(partner, key, "A");
        partner.delete(id(first));

        var again = create(partner, key, "A");

        assertThat(PartnerClient.error(again, 404).code()).isEqualTo("organisation_not_found");
        assertThat(again.headers().map()).doesNotContainKey("idempotent-replayed");
        assertThat(partner.list("").organisations()).isEmpty();
    }

    @Test
    void answerIsGivenForADayEvenIfItIsNotSwept() {
        var first = create(partner, key, "A");

        age(KEPT.minusMinutes(1));
        assertThat(create(partner, key, "A").body()).isEqualTo(first.body());

        age(KEPT);
        var second = create(partner, key, "A");
        assertThat(second.status()).isEqualTo(200);
        assertThat(id(second)).isNotEqualTo(id(first));
        assertThat(create(partner, key, "A").body()).isEqualTo(second.body());
    }

    @Test
    void oldClaimsAreSwept() {
        create(partner, key, "A");
        age(KEPT.minusMinutes(1));
        sweep();
        assertThat(claims()).hasSize(1);

        age(KEPT);
        sweep();
        assertThat(claims()).isEmpty();
    }

    @Test
    void manyAtOnceAreDoneOnce() throws Exception {
        var answers = Together.run(many(i -> "A"));

        var done = answers.stream().filter(answer -> answer.status() == 200).toList();
        assertThat(done).isNotEmpty();
        assertThat(done.stream().map(Answer::body).distinct()).hasSize(1);
        assertThat(done.stream()
                        .filter(answer -> answer.header("Idempotent-Replayed").isEmpty()))
                .hasSize(1);
        assertThat(answers).filteredOn(answer -> answer.status() != 200).allSatisfy(answer -> {
            assertThat(PartnerClient.error(answer, 409).code()).isEqualTo("request_in_progress");
            assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 10);
        });
        assertThat(partner.list("").organisations()).hasSize(1);
        assertThat(create(partner, key, "A").body()).isEqualTo(done.get(0).body());
    }

    @Test
    void ofManyDifferentOnesAtOnceOneIsDone() throws Exception {
        var answers = Together.run(many(i -> "A" + i));

        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
        assertThat(answers).filteredOn(answer -> answer.status() != 200).allSatisfy(RetriesTest::assertReused);
        assertThat(partner.list("").organisations()).hasSize(1);
    }

    @Test
    void nothingThatIsStoredTellsAKey() {
        var secret = Objects.requireNonNull(apiKey(create(partner, key, "A")));

        var claim = eq("_id", claims().get(0).getString("_id"));
        assertThat(Stored.bytes("requests", claim)).hasSize(1).allSatisfy(bytes -> assertThat(bytes)
                .doesNotContain(secret.substring(secret.lastIndexOf('_')), key, "organisation_id"));
        assertThat(Stored.tree(id(create(partner, key, "A"))).toString())
                .doesNotContain(secret.substring(secret.lastIndexOf('_')));
    }

    @Test
    void putThatCreatesShowsItsKeysAgain() {
        var first = put(key, "A");
        var again = put(key, "A");

        assertThat(PartnerClient.created(first).organisation().externalId()).isEqualTo("x");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(lasting(again)).isEqualTo(lasting(first)).containsKeys("etag", "content-type");
        assertThat(verify(first)).isEqualTo("valid");
        assertThat(PartnerClient.found(put("another", "A")))
                .isEqualTo(PartnerClient.created(first).organisation());
        assertReused(put(key, "B"));
        assertThat(partner.list("").organisations()).hasSize(1);
    }

    @Test
    void putThatFindsIsAnsweredAgainAsItWas() {
        var found = PartnerClient.created(partner.put("x", PartnerClient.body("A")));
        var first = put(key, "B");
        partner.update(found.id(), Map.of("organisation_name", "C"));

        assertThat(PartnerClient.found(first)).isEqualTo(found.organisation());
        assertThat(put(key, "B").body()).isEqualTo(first.body());
        assertThat(put("another", "B").body()).isNotEqualTo(first.body());

        partner.delete(found.id());
        assertThat(put(key, "B").status()).isEqualTo(404);
        assertThat(partner.list("").organisations()).isEmpty();
    }

    @Test
    void putTakesTwoCommandsMoreAndAReplayOnlyLooks() {
        partner.list("");

        assertThat(Commands.during(() -> put(key, "A")))
                .containsExactly("insert", "find", "insert", "insert", "update");
        assertThat(Commands.during(() -> put(key, "A"))).containsExactly("insert", "find", "find");
        assertThat(Commands.during(() -> put("another", "A"))).containsExactly("insert", "find", "update");
    }

    @Test
    void ofManyPutsAtOnceOneCreatesAndShowsItsKeys() throws Exception {
        var puts = IntStream.range(0, MANY)
                .mapToObj(i -> (Callable<Answer>) () -> put(key + i % 2, "A"))
                .toList();

        var done = Together.run(puts).stream()
                .filter(answer -> answer.status() == 200)
                .toList();

        assertThat(done.stream().map(RetriesTest::id).distinct()).hasSize(1);
        assertThat(done.stream()
                        .map(RetriesTest::apiKey)
                        .filter(Objects::nonNull)
                        .distinct())
                .hasSize(1);
        assertThat(List.of(put(key + 0, "A").body(), put(key + 1, "A").body()))
                .containsAll(done.stream().map(Answer::body).toList())
                .doesNotHaveDuplicates();
        assertThat(partner.list("").organisations()).hasSize(1);
    }

    @Test
    void deletionIsDoneOnceAndAlwaysAnsweredAgain() {
        var child = partner.createPartner("A");
        Stored.confirm(child.id());
        PartnerClient.with(child.partnerKey()).create("B");

        var first = call("DELETE", "/organisations/" + child.id());
        var again = new AtomicReference<Answer>();
        var commands = Commands.during(() -> again.set(call("DELETE", "/organisations/" + child.id())));

        assertThat(first.status()).as(first.body()).isEqualTo(200);
        assertThat(again.get().body()).isEqualTo(first.body());
        assertThat(again.get().header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(commands).containsExactly("insert", "find");
        assertThat(partner.send("DELETE", "/organisations/" + child.id()).status())
                .isEqualTo(404);
    }

    @Test
    void missingOrganisationIsKept() {
        var path = "/organisations/0123456789abcdef01234567";

        var first = call("DELETE", path);
        var again = call("DELETE", path);

        assertThat(PartnerClient.error(first, 404).code()).isEqualTo("organisation_not_found");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void keyIsMintedOnceAndShownAgain() {
        var organisation = partner.create("A").id();
        for (var path : List.of("/api-keys", PartnerClient.keysOf(organisation))) {
            var before = partner.keys(path).size();
            var mint = Http.text(Map.of("name", "Key", "roles", List.of("standard")));
            var sent = Map.of(HEADER, path);

            var first = partner.call("POST", path, mint, sent);
            var again = partner.call("POST", path, mint, sent);

            assertThat(first.status()).as(first.body()).isEqualTo(200);
            assertThat(again.body()).isEqualTo(first.body());
            assertThat(partner.keys(path)).hasSize(before + 1);
            var secret = first.json().at("/data/api_key/api_key").textValue();
            assertThat(partner.verify(secret).code()).isEqualTo("valid");
        }
        partner.delete(organisation);
        var path = PartnerClient.keysOf(organisation);
        var mint = Http.text(Map.of("name", "Key", "roles", List.of("standard")));
        assertThat(partner.call("POST", path, mint, Map.of(HEADER, path)).status())
                .isEqualTo(404);
    }

    @Test
    void refusalThatDependsOnTheOrganisationIsNotKept() {
        var path = PartnerClient.keysOf(partner.create("A").id());
        var mint = Http.text(Map.of("name", "Key", "roles", List.of("gateway")));

        assertThat(partner.call("POST", path, mint, Map.of(HEADER, key)).status())
                .isEqualTo(400);
        assertThat(claims()).isEmpty();
    }

    @Test
    void updateIsMadeOnceAndOverwritesNothingThatWasWrittenSince() {
        var id = partner.create("A").id();

        var first = rename(id, "B");
        partner.update(id, Map.of("organisation_name", "C"));
        var again = rename(id, "B");

        assertThat(first.status()).as(first.body()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(partner.get(id).name()).isEqualTo("C");
    }

    @Test
    void updateTakesTwoCommandsMoreAndLeavesNothingOnceItIsAnswered() {
        var id = partner.create("A").id();
        Stored.confirm(id);

        assertThat(Commands.during(() -> rename(id, "B"))).containsExactly("insert", "find", "update", "update");
        assertThat(Commands.during(() -> rename(id, "B"))).containsExactly("insert", "find", "find");
        assertThat(Stored.organisation(id)).containsKeys("tasks", "task_due_at", "changes");
        answered.flush().await().indefinitely();
        assertThat(Stored.organisation(id)).doesNotContainKeys("tasks", "task_due_at", "changes");
        partner.update(id, Map.of("organisation_name", "C"));
        assertThat(Stored.organisation(id)).doesNotContainKeys("tasks", "task_due_at", "changes");
    }

    @Test
    void stateThatWasNotExpectedIsKept() {
        var id = partner.create("A").id();
        var sent = Map.of(HEADER, key, "If-Match", "\"another\"");
        var path = "/organisations/" + id;

        var first = partner.call("PATCH", path, "{\"organisation_name\":\"B\"}", sent);
        var again = partner.call("PATCH", path, "{\"organisation_name\":\"B\"}", Map.of(HEADER, key));

        assertThat(PartnerClient.error(first, 412).code()).isEqualTo("precondition_failed");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(partner.get(id).name()).isEqualTo("A");
    }

    @Test
    void limitsAreSetOnce() {
        var id = partner.create("A").id();
        var path = PartnerClient.limitsOf(id);
        var ten = Http.text(Map.of("requests_per_second", 10));

        var set = partner.call("PUT", path, ten, Map.of(HEADER, "set"));
        partner.setLimits(id, 20, 20);
        assertThat(partner.call("PUT", path, ten, Map.of(HEADER, "set")).body()).isEqualTo(set.body());
        assertThat(partner.limits(id)).isEqualTo(new PartnerClient.Limits(20, 20));

        var removed = call("DELETE", path);
        partner.setLimits(id, 30, 30);
        assertThat(call("DELETE", path).body()).isEqualTo(removed.body());
        assertThat(partner.limits(id)).isEqualTo(new PartnerClient.Limits(30, 30));
    }

    @Test
    void keyIsChangedOnceAndOverwritesNothingThatWasWrittenSince() {
        var organisation = partner.create("A").id();
        for (var keys : List.of("/api-keys", PartnerClient.keysOf(organisation))) {
            var path = keys + "/" + partner.mint(keys, "standard").id();
            var change = Http.text(Map.of("name", "B", "allowed_ips", List.of("198.51.100.0/24")));

            var first = partner.call("PATCH", path, change, Map.of(HEADER, path));
            partner.send("PATCH", path, Map.of("name", "C"));
            var again = partner.call("PATCH", path, change, Map.of(HEADER, path));

            assertThat(first.status()).as(first.body()).isEqualTo(200);
            assertThat(first.json().at("/data/api_key/name").textValue()).isEqualTo("B");
            assertThat(again.body()).isEqualTo(first.body());
            assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
            assertThat(partner.key(path).name()).isEqualTo("C");
        }
    }

    @Test
    void changeOfAKeyIsNotShownWhenItsOrganisationCanNotBeSeenAnyMore() {
        var organisation = partner.create("A").id();
        var keys = PartnerClient.keysOf(organisation);
        var path = keys + "/" + partner.mint(keys, "standard").id();
        partner.call("PATCH", path, "{\"name\":\"B\"}", Map.of(HEADER, key));
        partner.delete(organisation);

        var again = partner.call("PATCH", path, "{\"name\":\"B\"}", Map.of(HEADER, key));

        assertThat(PartnerClient.error(again, 404).code()).isEqualTo("organisation_not_found");
    }

    @Test
    void changeOfAKeyTakesTwoCommandsMoreAndLeavesNothingOnceItIsAnswered() {
        var keys = PartnerClient.keysOf(partner.create("A").id());
        var id = partner.mint(keys, "standard").id();
        Stored.confirmKey(id);
        var change = Http.text(Map.of("name", "B"));

        assertThat(Commands.during(() -> partner.call("PATCH", keys + "/" + id, change, Map.of(HEADER, key))))
                .containsExactly("insert", "find", "find", "update", "update");
        assertThat(Commands.during(() -> partner.call("PATCH", keys + "/" + id, change, Map.of(HEADER, key))))
                .containsExactly("insert", "find", "find");
        assertThat(Stored.apiKey(id)).containsKeys("tasks", "task_due_at", "changes");
        answered.flush().await().indefinitely();
        assertThat(Stored.apiKey(id)).doesNotContainKeys("tasks", "task_due_at", "changes");
    }

    @Test
    void keyIsRotatedOnceAndItsSuccessorShownAgain() {
        var keys = PartnerClient.keysOf(partner.create("A").id());
        var path = keys + "/" + partner.mint(keys, "standard").id() + "/rotate";

        var first = partner.call("POST", path, "{}", Map.of(HEADER, key));
        var again = partner.call("POST", path, "{}", Map.of(HEADER, key));

        assertThat(first.status()).as(first.body()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(partner.verify(first.json().at("/data/api_key/api_key").textValue())
                        .code())
                .isEqualTo("valid");
        assertThat(partner.send("POST", path, Map.of()).status()).isEqualTo(404);
    }

    @Test
    void keyIsRevokedOnceAndThatIsAlwaysAnsweredAgain() {
        var organisation = partner.create("A").id();
        var keys = PartnerClient.keysOf(organisation);
        var path = keys + "/" + partner.mint(keys, "standard").id();

        var first = call("DELETE", path);
        partner.delete(organisation);
        var again = call("DELETE", path);

        assertThat(first.status()).as(first.body()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
    }

    @Test
    void keysOfASubtreeAreRevokedOnceAndCountedAlike() {
        var organisation = partner.create("A").id();
        var keys = PartnerClient.keysOf(organisation);
        var body = Http.text(Map.of("organisation_id", organisation));

        var first = partner.call("POST", "/api-keys/revoke", body, Map.of(HEADER, key));
        var other = partner.mint(keys, "standard");
        var again = partner.call("POST", "/api-keys/revoke", body, Map.of(HEADER, key));

        assertThat(first.json().at("/data/revoked_api_keys").intValue()).isEqualTo(1);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(partner.key(keys + "/" + other.id()).revokedAt()).isNull();
    }

    private Answer put(String name, String organisationName) {
        var body = Http.text(PartnerClient.body(organisationName));
        return partner.call("PUT", PartnerClient.byExternalId("x"), body, Map.of(HEADER, name));
    }

    private Answer rename(String id, String name) {
        var change = Http.text(Map.of("organisation_name", name));
        return partner.call("PATCH", "/organisations/" + id, change, Map.of(HEADER, key));
    }

    private Answer call(String method, String path) {
        return partner.call(method, path, null, Map.of(HEADER, key));
    }

    private List<Callable<Answer>> many(IntFunction<String> name) {
        return IntStream.range(0, MANY)
                .mapToObj(i -> (Callable<Answer>) () -> create(partner, key, name.apply(i)))
                .toList();
    }

    private static Answer create(PartnerClient client, String key, String name) {
        return send(client, key, Http.text(PartnerClient.body(name)));
    }

    private static Answer send(PartnerClient client, String key, String body) {
        return client.call("POST", "/organisations", body, Map.of(HEADER, key));
    }

    private static void assertReused(Answer answer) {
        assertThat(PartnerClient.error(answer, 422).code()).isEqualTo("idempotency_key_reused");
    }

    /** The headers but those that differ with each request. */
    private static Map<String, List<String>> lasting(Answer answer) {
        var headers = new TreeMap<>(answer.headers().map());
        headers.keySet().removeAll(Set.of("x-request-id", "date", "idempotent-replayed"));
        return headers;
    }

    private static List<String> shape(Answer answer) {
        return answer.json().at("/data/organisation").properties().stream()
                .map(Map.Entry::getKey)
                .toList();
    }

    private static String id(Answer created) {
        return created.json().at("/data/organisation/organisation_id").textValue();
    }

    private static @Nullable String apiKey(Answer created) {
        return created.json().at("/data/organisation/organisation_api_key").textValue();
    }

    private String verify(Answer created) {
        return partner.verify(Objects.requireNonNull(apiKey(created))).code();
    }

    private List<Document> claims() {
        return Stored.claims(partner);
    }

    private void age(Duration by) {
        Stored.ageClaims(partner, by);
    }

    private void sweep() {
        queue.runDue(Clock.systemUTC()).await().indefinitely();
    }
}
