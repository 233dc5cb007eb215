package dev.offshoot.api.partner;

import static dev.offshoot.testing.PartnerClient.error;
import static dev.offshoot.testing.PartnerClient.violations;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.Stored;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every field of the calls about keys: what they take and refuse, and that an error changes nothing. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class KeyFieldsTest {
    private static final String KEYS_OF_CUSTOMER = "/organisations/{customer}/api-keys";
    private static final String NOBODY = "0123456789abcdef01234567";

    private final Created created = PartnerClient.root().createPartner("Partner");
    private final PartnerClient partner = PartnerClient.of(created);
    private final Created customer = partner.create("Customer");
    private final String own = mintOwn().get("key_id").textValue();

    /** The calls that take a body, and a body that each of them takes. */
    private enum Call {
        MINT("POST", KEYS_OF_CUSTOMER, "{\"name\":\"A\",\"roles\":[\"standard\"]}"),
        MINT_OWN("POST", "/api-keys", "{\"name\":\"A\",\"roles\":[\"standard\"]}"),
        UPDATE("PATCH", KEYS_OF_CUSTOMER + "/{customer's}", "{\"name\":\"A\"}"),
        UPDATE_OWN("PATCH", "/api-keys/{own}", "{\"name\":\"A\"}"),
        ROTATE("POST", KEYS_OF_CUSTOMER + "/{customer's}/rotate", "{\"overlap_seconds\":60}"),
        ROTATE_OWN("POST", "/api-keys/{own}/rotate", "{\"overlap_seconds\":60}"),
        REVOKE("POST", "/api-keys/revoke", "{\"organisation_id\":\"" + NOBODY + "\"}"),
        VERIFY("POST", "/api-keys/verify", "{\"api_key\":\"x\"}");

        private final String method;
        private final String path;
        private final String body;

        Call(String method, String path, String body) {
            this.method = method;
            this.path = path;
            this.body = body;
        }

        /** The body that the call takes, with that field as that JSON. */
        String with(String field, String json) {
            var fields = (ObjectNode) Http.json(body);
            fields.set(field, Http.json(json));
            return Http.ascii(fields);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            MINT, MINT_OWN, UPDATE, UPDATE_OWN | name            | TEXT
            MINT, MINT_OWN                     | roles           | LIST
            MINT, MINT_OWN, UPDATE, UPDATE_OWN | expires_at      | TEXT
            MINT, MINT_OWN, UPDATE, UPDATE_OWN | allowed_ips     | LIST
            ROTATE, ROTATE_OWN                 | overlap_seconds | INTEGER
            REVOKE                             | organisation_id | TEXT
            VERIFY                             | api_key         | TEXT
            VERIFY                             | ip              | TEXT
            VERIFY                             | count           | INTEGER
            """)
    void valueOfAnotherTypeIsAViolationAndNothingChanges(String calls, String field, String type) {
        var ofEachType = Stream.of(
                "1",
                "1.0",
                "1e3",
                "true",
                "\"\"",
                "\"1\"",
                "[]",
                "[1]",
                "[null]",
                "[[]]",
                "[{\"$ne\":null}]",
                "{}",
                "{\"$ne\":null}",
                "{\"$gt\":\"\"}",
                "{\"$in\":[\"standard\"]}");
        var others = ofEachType
                .filter(value -> switch (type) {
                    case "TEXT" -> !value.startsWith("\"");
                    case "LIST" -> !value.equals("[]");
                    default -> !Set.of("1", "1.0", "1e3").contains(value);
                })
                .toList();

        for (var call : calls.split(", ")) {
            for (var value : others) {
                assertRefused(Call.valueOf(call), Call.valueOf(call).with(field, value), field);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            MINT       | name            | null
            MINT       | name            | ""
            MINT       | name            | "\\u200b"
            MINT       | name            | "a\\u0000b"
            MINT       | name            | "a\\u202eb"
            MINT       | name            | "\\ud800"
            UPDATE     | name            | null
            UPDATE     | name            | ""
            UPDATE     | name            | "a\\udc00"
            MINT       | roles           | null
            MINT       | roles           | []
            MINT       | roles           | [""]
            MINT       | roles           | ["root"]
            MINT       | roles           | ["STANDARD"]
            MINT       | roles           | ["Standard"]
            MINT       | roles           | [" standard"]
            MINT       | roles           | ["ORG_OWNER"]
            MINT       | roles           | ["standard,org_owner"]
            MINT       | roles           | ["standard","admin"]
            MINT       | roles           | ["standard","standard","standard","standard","standard","standard"]
            MINT       | roles           | ["partner"]
            MINT       | roles           | ["gateway"]
            MINT       | roles           | ["standard","gateway"]
            ROTATE     | overlap_seconds | -1
            ROTATE     | overlap_seconds | 604801
            ROTATE     | overlap_seconds | 99999999999999999999
            ROTATE_OWN | overlap_seconds | -1
            ROTATE_OWN | overlap_seconds | 604801
            REVOKE     | organisation_id | null
            VERIFY     | api_key         | null
            VERIFY     | count           | -1
            VERIFY     | count           | 1000001
            VERIFY     | count           | 99999999999999999999
            VERIFY     | ip              | ""
            VERIFY     | ip              | "x"
            VERIFY     | ip              | "192.0.2.256"
            VERIFY     | ip              | "192.0.2.1/32"
            VERIFY     | ip              | "192.0.2.1:443"
            VERIFY     | ip              | "fe80::1%eth0"
            """)
    void valueThatIsNoneIsAViolationAndNothingChanges(Call call, String field, String value) {
        assertRefused(call, call.with(field, value), field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1767225600", "2030-01-01T00:00:00", "2030-02-30T00:00:00Z", "0000-01-01T00:00:00Z"})
    void expiryThatIsNoInstantIsAViolationAndNothingChanges(String value) {
        for (var call : List.of(Call.MINT, Call.MINT_OWN, Call.UPDATE, Call.UPDATE_OWN)) {
            assertRefused(call, call.with("expires_at", Http.ascii(value)), "expires_at");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2020-02-29T12:00:00.123456789+14:00"})
    void keyIsNotMintedToHaveEndedAlready(String past) {
        for (var call : List.of(Call.MINT, Call.MINT_OWN)) {
            assertRefused(call, call.with("expires_at", Http.ascii(past)), "expires_at");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.com",
                "192.0.2.256",
                "192.0.2.1/33",
                "::1/129",
                " 192.0.2.1",
                "203.0.113.7/0",
                "::ffff:203.0.113.0/95"
            })
    void addressThatIsNoneIsAViolationAndNothingChanges(String address) {
        var list = Http.ascii(List.of("192.0.2.1", address));
        for (var call : List.of(Call.MINT, Call.MINT_OWN, Call.UPDATE, Call.UPDATE_OWN)) {
            assertRefused(call, call.with("allowed_ips", list), "allowed_ips");
        }
    }

    @Test
    void whatIsTooLongIsAViolationAndNothingChanges() {
        for (var call : List.of(Call.MINT, Call.MINT_OWN, Call.UPDATE, Call.UPDATE_OWN)) {
            for (var name : List.of("a".repeat(257), "😀".repeat(257), "a".repeat(60_000))) {
                assertRefused(call, call.with("name", Http.ascii(name)), "name");
            }
            assertRefused(call, call.with("allowed_ips", addresses(201)), "allowed_ips");
            assertRefused(call, call.with("expires_at", Http.ascii("2".repeat(60_000))), "expires_at");
        }
        assertRefused(Call.VERIFY, Call.VERIFY.with("ip", Http.ascii("1".repeat(60_000))), "ip");
    }

    @Test
    void missingFieldsAreNamedAtOnce() {
        assertRefused(Call.MINT, "{}", "name", "roles");
        assertRefused(Call.MINT_OWN, "{\"name\":null,\"roles\":null}", "name", "roles");
        assertRefused(Call.UPDATE, "{}", "body");
        assertRefused(Call.UPDATE_OWN, "{}", "body");
        assertRefused(Call.REVOKE, "{}", "organisation_id");
        assertRefused(Call.VERIFY, "{}", "api_key");
    }

    @Test
    void everyViolationIsNamedAtOnce() {
        assertRefused(
                Call.MINT,
                "{\"name\":\"\",\"roles\":[],\"expires_at\":\"x\",\"allowed_ips\":[\"x\"],\"surprise\":1}",
                "name",
                "roles",
                "expires_at",
                "allowed_ips",
                "surprise");
        assertRefused(
                Call.UPDATE,
                "{\"name\":null,\"roles\":null,\"expires_at\":1,\"allowed_ips\":{},\"surprise\":null}",
                "name",
                "roles",
                "expires_at",
                "allowed_ips",
                "surprise");
        assertRefused(
                Call.VERIFY,
                "{\"ip\":\"x\",\"count\":-1,\"organisation_id\":1}",
                "api_key",
                "ip",
                "count",
                "organisation_id");
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void fieldsThatNobodyMaySetAreViolationsAndNothingChanges(Call call) {
        var fields = Stream.of(
                "_id",
                "key_id",
                "id",
                "hint",
                "digest",
                "secret",
                "sealed_ha1",
                "created_at",
                "last_used_at",
                "last_used_from",
                "revoked_at",
                "revoked",
                "access_list",
                "organisation",
                "tenant",
                "lineage",
                "owner",
                "is_partner",
                "predecessor",
                "successor",
                "deletions",
                "restored",
                "tasks",
                "role",
                "Name",
                "name ",
                "$set",
                "$where",
                "__proto__");
        var ofOtherCalls = Stream.of(
                        "roles",
                        "api_key",
                        "name",
                        "expires_at",
                        "allowed_ips",
                        "overlap_seconds",
                        "organisation_id",
                        "ip",
                        "count")
                .filter(field -> !takes(call, field));

        Stream.concat(fields, ofOtherCalls).forEach(field -> {
            var named = field.equals("name ") ? "(unprintable)" : field;
            assertRefused(call, call.with(field, "\"x\""), named);
            assertRefused(call, call.with(field, "null"), named);
        });
    }

    @Test
    void namesAreTakenToTheirBoundsAndStoredTrimmedAndComposed() {
        var names = Map.of(
                "a".repeat(256),
                "a".repeat(256),
                "😀".repeat(256),
                "😀".repeat(256),
                " \u00a0Trimmed\u3000",
                "Trimmed",
                "Cafe\u0301",
                "Café",
                "<b>\"$ne\"</b>",
                "<b>\"$ne\"</b>");

        names.forEach((name, stored) -> {
            var minted = taken(Call.MINT, Call.MINT.with("name", Http.ascii(name)));
            var updated = taken(Call.UPDATE, Call.UPDATE.with("name", Http.ascii(name)));

            assertThat(minted.get("name").textValue()).isEqualTo(stored);
            assertThat(updated.get("name").textValue()).isEqualTo(stored);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2999-01-01T00:00:00Z                | 2999-01-01T00:00:00.000Z
            2999-01-01t00:00:00z                | 2999-01-01T00:00:00.000Z
            2999-01-01T00:00:00.123999999Z      | 2999-01-01T00:00:00.123Z
            2999-01-01T00:00:00+01:00           | 2998-12-31T23:00:00.000Z
            2999-01-01T00:00:00-18:00           | 2999-01-01T18:00:00.000Z
            9999-12-31T23:59:59.999Z            | 9999-12-31T23:59:59.999Z
            """)
    void expiryIsTakenWithAnyOffsetAndCutToMilliseconds(String given, String stored) {
        for (var call : List.of(Call.MINT, Call.UPDATE)) {
            assertThat(taken(call, call.with("expires_at", Http.ascii(given)))
                            .get("expires_at")
                            .textValue())
                    .isEqualTo(stored);
        }
    }

    @Test
    void accessListIsTakenToItsBoundsAndWrittenInOneWay() {
        for (var call : List.of(Call.MINT, Call.UPDATE)) {
            var many = taken(call, call.with("allowed_ips", addresses(200)));
            var some = taken(
                    call,
                    call.with(
                            "allowed_ips",
                            "[\"192.0.2.1/32\",\"198.51.100.77/24\",\"0.0.0.0/0\",\"2001:DB8:0::1\",\"2001:db8:ff::/32\","
                                    + "\"::ffff:203.0.113.9\",\"::ffff:198.51.101.0/120\",\"::203.0.113.10\",\"::/0\"]"));
            var none = taken(call, call.with("allowed_ips", "[]"));
            var nothing = taken(call, call.with("allowed_ips", "null"));

            assertThat(many.get("allowed_ips")).hasSize(200);
            assertThat(texts(some.get("allowed_ips")))
                    .containsExactly(
                            "192.0.2.1",
                            "198.51.100.0/24",
                            "0.0.0.0/0",
                            "2001:db8::1",
                            "2001:db8::/32",
                            "203.0.113.9",
                            "198.51.101.0/24",
                            "::cb00:710a",
                            "::/0");
            assertThat(none.get("allowed_ips")).isEmpty();
            assertThat(nothing.get("allowed_ips")).isEmpty();
        }
    }

    @Test
    void rolesAreASet() {
        assertThat(texts(taken(Call.MINT, Call.MINT.with("roles", "[\"standard\",\"org_owner\",\"standard\"]"))
                        .get("roles")))
                .containsExactly("org_owner", "standard");
        assertThat(texts(taken(
                                Call.MINT_OWN,
                                Call.MINT_OWN.with(
                                        "roles",
                                        "[\"gateway\",\"standard\",\"org_read_only\",\"org_owner\",\"partner\"]"))
                        .get("roles")))
                .containsExactly("partner", "org_owner", "org_read_only", "gateway", "standard");
    }

    @ParameterizedTest
    @ValueSource(strings = {"partner", "gateway"})
    void ownerMintsNoKeyWithARoleThatItDoesNotHandle(String role) {
        var owner = PartnerClient.with(taken(Call.MINT_OWN, Call.MINT_OWN.with("roles", "[\"org_owner\"]"))
                .get("api_key")
                .textValue());
        var before = stored();

        for (var roles : List.of(List.of(role), List.of("standard", role))) {
            assertThat(violations(owner.send("POST", "/api-keys", Map.of("name", "A", "roles", roles))))
                    .containsExactly("roles");
        }
        assertThat(stored()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"overlap_seconds\":null}", "{\"overlap_seconds\":0}", "{\"overlap_seconds\":604800}"})
    void overlapIsTakenToItsBounds(String body) {
        taken(Call.ROTATE, body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"count\":0",
                "\"count\":1000000",
                "\"count\":null",
                "\"ip\":null",
                "\"ip\":\"192.0.2.1\"",
                "\"ip\":\"2001:DB8::1\"",
                "\"ip\":\"::ffff:192.0.2.1\"",
                "\"ip\":\"::\""
            })
    void verificationIsTakenToItsBounds(String field) {
        assertThat(verify("{\"api_key\":" + Http.ascii(customer.apiKey()) + "," + field + "}")
                        .get("code")
                        .textValue())
                .isEqualTo("valid");
    }

    @ParameterizedTest
    @MethodSource
    void keyOfWhateverTextIsUnknownAndNoError(String text) {
        var verification = verify(Http.ascii(Map.of("api_key", text)));

        assertThat(verification).isEqualTo(unknown());
    }

    static Stream<String> keyOfWhateverTextIsUnknownAndNoError() {
        var secret = KeySecret.mint().reveal();
        var last = secret.endsWith("A") ? "B" : "A";
        return Stream.of(
                "",
                " ",
                "x",
                "null",
                "osk_",
                "osk__",
                "osk_4f0q8z1n6t2x",
                "{\"$ne\":null}",
                "\u0000",
                "é",
                "\ud800",
                "a".repeat(60_000),
                secret,
                secret.substring(0, secret.length() - 1) + last,
                secret.substring(1),
                secret.toUpperCase(Locale.ROOT),
                secret + "A",
                "Bearer " + secret);
    }

    @Test
    void goodKeyWithAnythingAroundItIsUnknown() {
        var secret = customer.apiKey();
        for (var text : List.of(" " + secret, secret + " ", secret + "\n", secret + "\u0000", "\"" + secret + "\"")) {
            assertThat(verify(Http.ascii(Map.of("api_key", text)))).isEqualTo(unknown());
        }
        assertThat(verify(Http.ascii(Map.of("api_key", Stored.keyWithWrongSecret(secret)))))
                .isEqualTo(unknown());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "0123456789ab",
                "0123456789a",
                "0123456789abc",
                "0123456789AB",
                "%24ne",
                "%00",
                "%20",
                "%7B%22%24ne%22%3Anull%7D",
                "5f8f8c44b54764421b7156c3"
            })
    void keyIdThatNoKeyHasIsNotFoundAndNothingChanges(String id) {
        var before = stored();
        for (var keys : List.of("/api-keys/", "/organisations/" + customer.id() + "/api-keys/")) {
            for (var answer : List.of(
                    partner.send("GET", keys + id),
                    partner.sendText("PATCH", keys + id, Call.UPDATE.body),
                    partner.send("DELETE", keys + id),
                    partner.sendText("POST", keys + id + "/rotate", Call.ROTATE.body))) {
                assertThat(error(answer, 404).code()).isEqualTo("api_key_not_found");
            }
        }
        assertThat(stored()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "0123456789abcdef01234567",
                "0123456789ABCDEF01234567",
                "000000000000000000000001",
                "$ne"
            })
    void keysOfAnOrganisationThatIsNotBeneathAreNotRevoked(String id) {
        var before = stored();

        var answer = partner.send("POST", "/api-keys/revoke", Map.of("organisation_id", id));

        assertThat(error(answer, 404).code()).isEqualTo("organisation_not_found");
        assertThat(stored()).isEqualTo(before);
    }

    @Test
    void keysOfADeletedOrganisationAreNotRevoked() {
        partner.delete(customer.id());
        var before = stored();

        var answer = partner.send("POST", "/api-keys/revoke", Map.of("organisation_id", customer.id()));

        assertThat(error(answer, 404).code()).isEqualTo("organisation_not_found");
        assertThat(stored()).isEqualTo(before);
    }

    @Test
    void keysOfOnesOwnOrganisationAreNotRevokedTogether() {
        var before = stored();

        var answer = partner.send("POST", "/api-keys/revoke", Map.of("organisation_id", created.id()));

        assertThat(error(answer, 409).code()).isEqualTo("caller_locked_out");
        assertThat(stored()).isEqualTo(before);
    }

    private void assertRefused(Call call, String body, String... fields) {
        var before = stored();
        var answer = send(call, body);

        assertThat(violations(answer)).as("%s %s", call, body).containsExactlyInAnyOrder(fields);
        assertThat(stored()).isEqualTo(before);
    }

    /** The key of the answer to a call that is not refused. */
    private JsonNode taken(Call call, String body) {
        return apiKey(send(call, body));
    }

    private JsonNode mintOwn() {
        return apiKey(partner.sendText(Call.MINT_OWN.method, Call.MINT_OWN.path, Call.MINT_OWN.body));
    }

    private Answer send(Call call, String body) {
        var path = call.path
                .replace("{customer}", customer.id())
                .replace("{customer's}", customer.apiKey().substring(4, 16))
                .replace("{own}", own);
        return partner.sendText(call.method, path, body);
    }

    private JsonNode verify(String body) {
        var answer = partner.sendText("POST", "/api-keys/verify", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().at("/data/verification");
    }

    private Map<String, List<Document>> stored() {
        return Stored.tree(created.id());
    }

    private static JsonNode apiKey(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().at("/data/api_key");
    }

    private static JsonNode unknown() {
        return Http.json("{\"valid\":false,\"code\":\"unknown\",\"organisation_id\":null,\"organisation_key\":null,"
                + "\"key_id\":null,\"roles\":null,\"expires_at\":null}");
    }

    /** A list of that many different ones, as JSON. */
    private static String addresses(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> "\"192.0.2." + number + "\"")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::textValue)
                .toList();
    }

    private static boolean takes(Call call, String field) {
        return switch (call) {
            case MINT, MINT_OWN ->
                List.of("name", "roles", "expires_at", "allowed_ips").contains(field);
            case UPDATE, UPDATE_OWN ->
                List.of("name", "expires_at", "allowed_ips").contains(field);
            case ROTATE, ROTATE_OWN -> field.equals("overlap_seconds");
            case REVOKE -> field.equals("organisation_id");
            case VERIFY -> List.of("api_key", "ip", "count").contains(field);
        };
    }
}
