package dev.offshoot.api.monoid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.MonoidClient.Plan;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Stored;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every field of the Monoid API's bodies: what it takes, what it refuses, and that an error changes nothing. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class MonoidFieldsTest {
    private final PartnerClient partner = PartnerClient.newPartner();
    private final MonoidClient monoid = MonoidClient.of(partner);
    private String own = "";
    private String id = "";

    @BeforeEach
    void plant() {
        own = monoid.list("").organisations().get(0).objectId();
        id = monoid.create("mine", "Org").objectId();
        monoid.addMember(id, Map.of("userId", "owner", "role", "owner"));
    }

    /** Calls that take a body, and a body that each of them takes. */
    private static final Map<String, String> CALLS = Map.of(
            "POST /organisations", "{\"name\":\"A\"}",
            "PATCH /organisations/mine", "{\"name\":\"A\"}",
            "POST /organisations/mine/members", "{\"userId\":\"a\",\"role\":\"member\"}",
            "PATCH /organisations/mine/members/owner", "{\"name\":\"A\"}",
            "PUT /organisations/mine/plan", "{\"status\":\"active\"}");

    static Stream<String> calls() {
        return CALLS.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("calls")
    void bodyMustBeAnObjectOfKnownFields(String call) {
        var before = Stored.tree(own);
        var bodies = List.of(
                "",
                "null",
                "[]",
                "\"x\"",
                "{",
                "{}",
                "{\"unknown\":1}",
                "{\"$set\":{}}",
                "{\"name\":\"A\",\"name\":\"A\"}",
                "[".repeat(500) + "]".repeat(500));

        for (var body : bodies) {
            var error = MonoidClient.error(sendText(call, body), 400);
            assertThat(error.code()).as(body).isEqualTo("validation_failed");
        }
        assertThat(Stored.tree(own)).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void bodyMustBeJsonAndNotTooLong(String call) {
        var before = Stored.tree(own);
        var parts = call.split(" ");
        var plain = monoid.call(parts[0], parts[1], CALLS.get(call), Map.of("Content-Type", "text/plain"));
        var longest = CALLS.get(call) + " ".repeat(64 * 1024 - CALLS.get(call).length());

        assertThat(MonoidClient.error(plain, 415).code()).isEqualTo("unsupported_media_type");
        assertThat(MonoidClient.error(sendText(call, longest + " "), 413).code())
                .isEqualTo("payload_too_large");
        assertThat(Stored.tree(own)).isEqualTo(before);
        assertThat(sendText(call, longest).status()).isIn(200, 201);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST /organisations | name | {\"id\":\"x\"}",
                "POST /organisations | name | {\"name\":null}",
                "POST /organisations | name | {\"name\":{\"$ne\":null}}",
                "POST /organisations | name | {\"name\":\" \"}",
                "POST /organisations | name | {\"name\":\"a\\u0000\"}",
                "POST /organisations | name | {\"name\":\"a\\u202e\"}",
                "POST /organisations | id | {\"name\":\"A\",\"id\":\"\"}",
                "POST /organisations | id | {\"name\":\"A\",\"id\":7}",
                "POST /organisations | id | {\"name\":\"A\",\"id\":\"507f1f77bcf86cd799439011\"}",
                "POST /organisations | id | {\"name\":\"A\",\"id\":\"..\"}",
                "POST /organisations | _id | {\"name\":\"A\",\"_id\":\"507f1f77bcf86cd799439011\"}",
                "POST /organisations | members | {\"name\":\"A\",\"members\":[]}",
                "POST /organisations | plan | {\"name\":\"A\",\"plan\":null}",
                "POST /organisations | is_partner | {\"name\":\"A\",\"is_partner\":true}",
                "PATCH /organisations/mine | name | {\"id\":\"mine\"}",
                "PATCH /organisations/mine | id | {\"name\":\"A\",\"id\":\"other\"}",
                "PATCH /organisations/mine | id | {\"name\":\"A\",\"id\":null}",
                "PATCH /organisations/mine | deleted | {\"name\":\"A\",\"deleted\":true}",
                "PATCH /organisations/mine | owners | {\"name\":\"A\",\"owners\":[]}",
                "POST /organisations/mine/members | userId | {\"role\":\"member\"}",
                "POST /organisations/mine/members | userId | {\"role\":\"member\",\"userId\":\" a\"}",
                "POST /organisations/mine/members | userId | {\"role\":\"member\",\"userId\":\".\"}",
                "POST /organisations/mine/members | userId | {\"role\":\"member\",\"userId\":\"Caf\\ufffd\"}",
                "POST /organisations/mine/members | userId | {\"role\":\"member\",\"userId\":{\"$gt\":\"\"}}",
                "POST /organisations/mine/members | role | {\"userId\":\"a\"}",
                "POST /organisations/mine/members | role | {\"userId\":\"a\",\"role\":\"OWNER\"}",
                "POST /organisations/mine/members | role | {\"userId\":\"a\",\"role\":\"root\"}",
                "POST /organisations/mine/members | email | {\"userId\":\"a\",\"role\":\"member\",\"email\":\"a\"}",
                "POST /organisations/mine/members | email | {\"userId\":\"a\",\"role\":\"member\",\"email\":\"a@b\\r\\nBcc: c@d\"}",
                "POST /organisations/mine/members | email | {\"userId\":\"a\",\"role\":\"member\",\"email\":\"a@b@c\"}",
                "POST /organisations/mine/members | email | {\"userId\":\"a\",\"role\":\"member\",\"email\":\"a\\u202eb@c\"}",
                "POST /organisations/mine/members | email | {\"userId\":\"a\",\"role\":\"member\",\"email\":\"a\\u00a0b@c\"}",
                "POST /organisations/mine/members | imageUrl | {\"userId\":\"a\",\"role\":\"member\",\"imageUrl\":\"javascript:alert(1)\"}",
                "POST /organisations/mine/members | imageUrl | {\"userId\":\"a\",\"role\":\"member\",\"imageUrl\":\"//example.com/a\"}",
                "POST /organisations/mine/members | imageUrl | {\"userId\":\"a\",\"role\":\"member\",\"imageUrl\":\"data:image/png;base64,AA\"}",
                "POST /organisations/mine/members | imageUrl | {\"userId\":\"a\",\"role\":\"member\",\"imageUrl\":\"https:///a.png\"}",
                "POST /organisations/mine/members | imageUrl | {\"userId\":\"a\",\"role\":\"member\",\"imageUrl\":\"https://x.example/\\ud800\"}",
                "POST /organisations/mine/members | imageUrl | {\"userId\":\"a\",\"role\":\"member\",\"imageUrl\":\"https://x.example/\\u202egnp\"}",
                "POST /organisations/mine/members | membership | {\"userId\":\"a\",\"role\":\"member\",\"membership\":\"x\"}",
                "PATCH /organisations/mine/members/owner | userId | {\"userId\":\"other\",\"name\":\"A\"}",
                "PATCH /organisations/mine/members/owner | role | {\"role\":null}",
                "PUT /organisations/mine/plan | status | {\"customerId\":\"c\"}",
                "PUT /organisations/mine/plan | status | {\"status\":\"ACTIVE\"}",
                "PUT /organisations/mine/plan | status | {\"status\":\"cancelled\"}",
                "PUT /organisations/mine/plan | startsAt | {\"status\":\"active\",\"startsAt\":\"2026-01-01\"}",
                "PUT /organisations/mine/plan | startsAt | {\"status\":\"active\",\"startsAt\":\"2026-02-30T00:00:00Z\"}",
                "PUT /organisations/mine/plan | endsAt | {\"status\":\"active\",\"endsAt\":1767225600}",
                "PUT /organisations/mine/plan | canceledAt | {\"status\":\"active\",\"canceledAt\":\"2026-01-01T00:00:00\"}",
                "PUT /organisations/mine/plan | productId | {\"status\":\"active\",\"productId\":\"\"}"
            })
    void whatIsRefusedIsNamedAndChangesNothing(String call, String field, String body) {
        var before = Stored.tree(own);

        var error = MonoidClient.error(sendText(call, body), 400);

        assertThat(error.code()).isEqualTo("validation_failed");
        assertThat(error.message()).startsWith("The request is not valid: " + field + " ");
        assertThat(Stored.tree(own)).isEqualTo(before);
        assertThat(monoid.members(id)).hasSize(1);
    }

    @Test
    void everyViolationIsNamedAtOnce() {
        var error = MonoidClient.error(
                sendText("POST /organisations/mine/members", "{\"role\":\"x\",\"email\":\"y\",\"z\":1}"), 400);

        assertThat(error.message()).contains("userId ", "role ", "email ", "z ");
    }

    @Test
    void textsAreTakenUpToTheirLengthAndNotBeyond() {
        var longest = new HashMap<String, Object>(Map.of(
                "userId",
                "u".repeat(255),
                "role",
                "member",
                "email",
                "e".repeat(252) + "@x",
                "name",
                "n".repeat(256),
                "imageUrl",
                "https://x.example/" + "i".repeat(2030)));

        var member = monoid.addMember(id, longest);

        assertThat(member.userId()).hasSize(255);
        assertThat(member.imageUrl()).hasSize(2048);
        for (var field : List.of("userId", "email", "name", "imageUrl")) {
            var longer = new HashMap<>(longest);
            longer.put("userId", "v".repeat(255));
            longer.put(field, longer.get(field) + "x");
            var error = MonoidClient.error(monoid.send("POST", MonoidClient.membersPath(id), longer), 400);
            assertThat(error.message()).contains(": " + field + " must be ").doesNotContain(";");
        }
        assertThat(monoid.members(id)).hasSize(2);
    }

    @Test
    void twoOfTheLongestIdsFitIntoAPath() {
        var longest = "\uD83C\uDF33".repeat(255);
        monoid.create(longest, "Long");

        monoid.addMember(longest, Map.of("userId", longest, "role", "member"));

        assertThat(monoid.member(longest, longest).userId()).isEqualTo(longest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://x.example", "HTTPS://my_bucket.example/a.png?b=c#d", "https://[::1]:8443/a%20b"})
    void addressOfAnImageIsTakenAsItIs(String imageUrl) {
        monoid.changeMember(id, "owner", Map.of("imageUrl", imageUrl));

        assertThat(monoid.member(id, "owner").imageUrl()).isEqualTo(imageUrl);
    }

    @Test
    void sameIdMayBeSentAlong() {
        assertThat(monoid.update("mine", Map.of("name", "New", "id", "mine")).name())
                .isEqualTo("New");
        assertThat(monoid.changeMember(id, "owner", Map.of("userId", "owner", "name", "N"))
                        .name())
                .isEqualTo("N");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T00:00:00Z, 2026-01-01T00:00:00Z",
        "2026-01-01T01:30:00.123456789+01:30, 2026-01-01T00:00:00.123Z",
        "2026-01-01t00:00:00z, 2026-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999Z, 9999-12-31T23:59:59.999Z"
    })
    void instantsAreReadInAnyZoneAndShownInUtc(String sent, Instant shown) {
        assertThat(monoid.putPlan(id, Map.of("status", "active", "startsAt", sent))
                        .startsAt())
                .isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000-12-31T23:59:59Z",
                "0001-01-01T00:00:00+00:01",
                "9999-12-31T23:59:59-00:01",
                "10000-01-01T00:00:00Z"
            })
    void instantsOfOtherYearsAreRefused(String sent) {
        var answer = monoid.send("PUT", MonoidClient.planPath(id), Map.of("status", "active", "endsAt", sent));

        assertThat(MonoidClient.error(answer, 400).message()).contains("endsAt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"trialing", "active", "past_due", "canceled", "scheduled", "expired"})
    void planIsPutReadReplacedAndRemoved(String status) {
        assertThat(MonoidClient.error(monoid.send("GET", MonoidClient.planPath(id)), 404)
                        .code())
                .isEqualTo("plan_not_found");
        var whole = new Plan(
                "cus_1",
                "prod_1",
                "Pro",
                status,
                Instant.parse("2026-01-01T00:00:00Z"),
                Instant.parse("2027-01-01T00:00:00Z"),
                Instant.parse("2026-06-01T00:00:00Z"));
        var bare = new Plan(null, null, null, status, null, null, null);

        assertThat(monoid.putPlan(id, fields(whole))).isEqualTo(whole);
        assertThat(monoid.plan(id)).isEqualTo(whole);
        assertThat(monoid.get(id, "?includePlan=true").plan()).isEqualTo(whole);
        assertThat(monoid.list("").organisations().get(1).plan()).isEqualTo(whole);
        assertThat(monoid.putPlan(id, Map.of("status", status))).isEqualTo(bare);
        assertThat(monoid.plan(id)).isEqualTo(bare);
        monoid.deletePlan(id);
        assertThat(monoid.get(id, "?includePlan=true").plan()).isNull();
        assertThat(monoid.send("DELETE", MonoidClient.planPath(id)).status()).isEqualTo(404);
    }

    @Test
    void planOfOnesOwnOrganisationIsForItsOwnerToWrite() {
        var put = monoid.send("PUT", MonoidClient.planPath(own), Map.of("status", "active"));
        var removed = monoid.send("DELETE", MonoidClient.planPath(own));

        assertThat(MonoidClient.error(put, 403).code()).isEqualTo("forbidden");
        assertThat(MonoidClient.error(removed, 403).code()).isEqualTo("forbidden");
        assertThat(monoid.get(own, "?includePlan=true").plan()).isNull();
        var root = MonoidClient.of(PartnerClient.root());
        root.putPlan(own, Map.of("status", "trialing"));
        assertThat(monoid.plan(own).status()).isEqualTo("trialing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"includeMembers=1", "includeMembers=TRUE", "includePlan=", "includePlan=true&includePlan=true"})
    void flagsAreReadStrictly(String query) {
        var error = MonoidClient.error(monoid.send("GET", "/organisations/mine?" + query), 400);

        assertThat(error.message()).contains(query.substring(0, query.indexOf('=')));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a b", "a+b", "ä€", "a%2Fb", "100%", "a?b#c;d", "..."})
    void externalIdIsFoundInAPathHoweverItIsWritten(String externalId) {
        var created = monoid.create(externalId, "Odd");

        assertThat(monoid.get(externalId, "?includeMembers=true&includePlan=true"))
                .isEqualTo(created);
        assertThat(monoid.update(externalId, Map.of("name", "Odder")).id()).isEqualTo(externalId);
        monoid.delete(externalId);
        assertThat(monoid.send("GET", MonoidClient.path(created.objectId())).status())
                .isEqualTo(404);
    }

    private static Map<String, Object> fields(Plan plan) {
        return Map.of(
                "customerId", plan.customerId(),
                "productId", plan.productId(),
                "productName", plan.productName(),
                "status", plan.status(),
                "startsAt", plan.startsAt().toString(),
                "endsAt", plan.endsAt().toString(),
                "canceledAt", plan.canceledAt().toString());
    }

    private Http.Answer sendText(String call, String body) {
        var parts = call.split(" ");
        return monoid.sendText(parts[0], parts[1], body);
    }
}
