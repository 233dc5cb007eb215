package dev.offshoot.api.partner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.offshoot.testing.ApiClient;
import dev.offshoot.testing.ApiDocument.Call;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.OpenApiChecks;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Stored;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Holds the OpenAPI document of the Partner API and the service against one another. */
@Tag("any-database")
@QuarkusTest
@QuarkusTestResource(Installation.class)
class OpenApiTest extends OpenApiChecks {
    private static final Call LIST = new Call("GET", "/organisations");
    private static final Call CREATE = new Call("POST", "/organisations");
    private static final Call GET = new Call("GET", "/organisations/{organisation_id}");
    private static final Call UPDATE = new Call("PATCH", "/organisations/{organisation_id}");
    private static final Call DELETE = new Call("DELETE", "/organisations/{organisation_id}");
    private static final Call GET_BY_EXTERNAL_ID =
            new Call("GET", "/organisations/by-external-id/{partner_external_id}");
    private static final Call PUT_BY_EXTERNAL_ID =
            new Call("PUT", "/organisations/by-external-id/{partner_external_id}");
    private static final Call USAGE = new Call("GET", "/organisations/{organisation_id}/usage");
    private static final Call OWN_USAGE = new Call("GET", "/usage");
    private static final Call REPORT = new Call("POST", "/usage-records");
    private static final Call OWN_KEYS = new Call("GET", "/api-keys");
    private static final Call MINT_OWN = new Call("POST", "/api-keys");
    private static final Call OWN_KEY = new Call("GET", "/api-keys/{key_id}");
    private static final Call UPDATE_OWN = new Call("PATCH", "/api-keys/{key_id}");
    private static final Call REVOKE_OWN = new Call("DELETE", "/api-keys/{key_id}");
    private static final Call ROTATE_OWN = new Call("POST", "/api-keys/{key_id}/rotate");
    private static final Call VERIFY = new Call("POST", "/api-keys/verify");
    private static final Call REVOKE_ALL = new Call("POST", "/api-keys/revoke");
    private static final Call KEYS = new Call("GET", "/organisations/{organisation_id}/api-keys");
    private static final Call MINT = new Call("POST", "/organisations/{organisation_id}/api-keys");
    private static final Call KEY = new Call("GET", "/organisations/{organisation_id}/api-keys/{key_id}");
    private static final Call UPDATE_KEY = new Call("PATCH", "/organisations/{organisation_id}/api-keys/{key_id}");
    private static final Call REVOKE = new Call("DELETE", "/organisations/{organisation_id}/api-keys/{key_id}");
    private static final Call ROTATE = new Call("POST", "/organisations/{organisation_id}/api-keys/{key_id}/rotate");

    private static final Call LIMITS = new Call("GET", "/organisations/{organisation_id}/limits");
    private static final Call SET_LIMITS = new Call("PUT", "/organisations/{organisation_id}/limits");
    private static final Call REMOVE_LIMITS = new Call("DELETE", "/organisations/{organisation_id}/limits");

    private static final Map<Integer, Set<String>> CODES = Map.of(
            400, Set.of("validation_failed"),
            401, Set.of("unauthorised"),
            404, Set.of("organisation_not_found"),
            406, Set.of("not_acceptable"),
            408, Set.of("request_timeout"),
            413, Set.of("payload_too_large"),
            415, Set.of("unsupported_media_type"),
            429, Set.of("rate_limited"),
            500, Set.of("internal_error"),
            503, Set.of("unavailable"));

    /** Nothing but the organisation itself can be missing. */
    private static final Map<Integer, Set<String>> OF_ORGANISATION = Map.of(404, Set.of("organisation_not_found"));

    private static final Map<Integer, Set<String>> OF_KEY =
            Map.of(404, Set.of("api_key_not_found", "organisation_not_found"));

    private static final Set<String> CHANGED = Set.of("precondition_failed");

    private static final Set<String> IN_PROGRESS = Set.of("request_in_progress");

    private static final Set<String> REUSED = Set.of("idempotency_key_reused");

    private static final Map<Integer, Set<String>> OF_KEY_AGAIN =
            Map.of(404, Set.of("api_key_not_found", "organisation_not_found"), 409, IN_PROGRESS, 422, REUSED);

    private static final Map<Integer, Set<String>> THAT_MAY_END_OWN_KEY = Map.of(
            404, Set.of("api_key_not_found", "organisation_not_found"),
            409, Set.of("caller_locked_out", "last_partner_key", "request_in_progress"),
            422, REUSED);

    private static final Map<Call, Map<Integer, Set<String>>> FURTHER = Map.ofEntries(
            Map.entry(
                    CREATE,
                    Map.of(
                            404,
                            Set.of("organisation_not_found"),
                            409,
                            Set.of("partner_external_id_taken", "depth_exceeded", "request_in_progress"),
                            422,
                            REUSED)),
            Map.entry(GET, Map.of(304, Set.of(), 412, CHANGED)),
            Map.entry(GET_BY_EXTERNAL_ID, Map.of(304, Set.of(), 412, CHANGED)),
            Map.entry(
                    PUT_BY_EXTERNAL_ID,
                    Map.of(
                            404,
                            Set.of("organisation_not_found"),
                            409,
                            Set.of("depth_exceeded", "request_in_progress"),
                            422,
                            REUSED)),
            Map.entry(
                    UPDATE,
                    Map.of(409, Set.of("partner_external_id_taken", "request_in_progress"), 412, CHANGED, 422, REUSED)),
            Map.entry(SET_LIMITS, Map.of(409, IN_PROGRESS, 422, REUSED)),
            Map.entry(REMOVE_LIMITS, Map.of(409, IN_PROGRESS, 422, REUSED)),
            Map.entry(DELETE, Map.of(409, IN_PROGRESS, 412, CHANGED, 422, REUSED)),
            Map.entry(USAGE, Map.of(409, Set.of("limit_exceeded"))),
            Map.entry(OWN_USAGE, Map.of(409, Set.of("limit_exceeded"))),
            Map.entry(OWN_KEYS, OF_ORGANISATION),
            Map.entry(MINT_OWN, Map.of(404, Set.of("organisation_not_found"), 409, IN_PROGRESS, 422, REUSED)),
            Map.entry(MINT, Map.of(409, IN_PROGRESS, 422, REUSED)),
            Map.entry(OWN_KEY, OF_KEY),
            Map.entry(UPDATE_OWN, THAT_MAY_END_OWN_KEY),
            Map.entry(REVOKE_OWN, THAT_MAY_END_OWN_KEY),
            Map.entry(ROTATE_OWN, OF_KEY_AGAIN),
            Map.entry(
                    REVOKE_ALL,
                    Map.of(
                            404,
                            Set.of("organisation_not_found"),
                            409,
                            Set.of("caller_locked_out", "request_in_progress"),
                            422,
                            REUSED)),
            Map.entry(KEY, OF_KEY),
            Map.entry(UPDATE_KEY, OF_KEY_AGAIN),
            Map.entry(REVOKE, OF_KEY_AGAIN),
            Map.entry(ROTATE, OF_KEY_AGAIN));

    private static final String NOBODY = "0123456789abcdef01234567";
    private static final String NO_KEY = "0123456789ab";
    private static final String MONTH = "?usage_month=2026-04";
    private static final String LIMITED = "{\"name\":\"Limited\",\"roles\":[\"standard\"],"
            + "\"expires_at\":\"2999-12-31T23:59:59+01:00\",\"allowed_ips\":[\"198.51.100.0/24\",\"2001:db8::1\"]}";

    /** What each call about keys takes. */
    private static final Map<Call, String> KEY_BODIES = Map.of(
            MINT_OWN, LIMITED,
            MINT, LIMITED,
            UPDATE_OWN, "{\"name\":\"Renamed\"}",
            UPDATE_KEY, "{\"expires_at\":null,\"allowed_ips\":[\"127.0.0.1\"]}",
            ROTATE_OWN, "{}",
            ROTATE, "{\"overlap_seconds\":60}",
            SET_LIMITS, "{\"requests_per_second\":10,\"burst\":20}",
            VERIFY, "{\"api_key\":\"unknown\"}",
            REVOKE_ALL, "{\"organisation_id\":\"" + NOBODY + "\"}");

    OpenApiTest() {
        super(new Api(
                "/q/openapi",
                "Partner API",
                "apiKey",
                "/organisations",
                PartnerRoutes.ALL,
                false,
                CODES,
                FURTHER,
                Map.of("organisation_id", NOBODY, "key_id", NO_KEY, "partner_external_id", "nobody")));
    }

    @Override
    protected ApiClient client(@Nullable String key) {
        return PartnerClient.with(key);
    }

    @Override
    protected int success(Call call) {
        return 200;
    }

    @Override
    protected String body(Call call) {
        if (KEY_BODIES.containsKey(call)) {
            return Objects.requireNonNull(KEY_BODIES.get(call));
        }
        if (call.equals(REPORT)) {
            return record("\"api_requests\":1");
        }
        return call.equals(CREATE) || call.equals(PUT_BY_EXTERNAL_ID)
                ? Http.text(PartnerClient.body("Customer"))
                : "{\"organisation_name\":\"New\"}";
    }

    @Override
    protected String query(Call call) {
        return call.equals(USAGE) || call.equals(OWN_USAGE) ? MONTH : "";
    }

    /** What is not there is created. */
    @Override
    protected boolean mayMiss(Call call) {
        return super.mayMiss(call) && !call.equals(PUT_BY_EXTERNAL_ID);
    }

    @Override
    protected String inPath(Call call, String organisation) {
        if (!call.equals(GET_BY_EXTERNAL_ID)) {
            return organisation;
        }
        var externalId = "of-" + organisation;
        partner.update(organisation, Map.of("partner_external_id", externalId));
        return externalId;
    }

    @Override
    protected void assertSuccess(Answer answer) {
        assertThat(answer.json().get("success").booleanValue()).isTrue();
    }

    @Override
    protected void assertError(Answer answer) {
        assertThat(answer.json().get("success")).isEqualTo(BooleanNode.FALSE);
        assertThat(answer.json().at("/error/code")).isEqualTo(answer.json().get("identifier"));
    }

    @Override
    protected List<ErrorSpec> successes() {
        var spec = new ArrayList<ErrorSpec>();
        spec.add(calling(200, LIST));
        var created = sending(200, CREATE, body("partner_external_id", "customer-12345"));
        var id =
                created.answer().json().at("/data/organisation/organisation_id").textValue();
        spec.add(created);
        spec.add(sending(200, CREATE, body("is_partner", true)));
        spec.add(asking(200, LIST, "?limit=1&scope=subtree"));
        spec.add(asking(
                200,
                LIST,
                "?partner_external_id=customer-12345&organisation_name=Customer&organisation_key=" + key(created)));
        spec.add(calling(200, GET, id));
        spec.add(calling(200, GET_BY_EXTERNAL_ID, "customer-12345"));
        spec.add(sending(200, PUT_BY_EXTERNAL_ID, body(PUT_BY_EXTERNAL_ID), "customer-12345"));
        spec.add(sending(200, PUT_BY_EXTERNAL_ID, body(PUT_BY_EXTERNAL_ID), "a%2Fb"));
        spec.add(sending(200, PUT_BY_EXTERNAL_ID, body("is_partner", true), "partner"));
        spec.add(sending(200, UPDATE, "{\"partner_external_id\":null}", id));
        var report = record(id, "\"api_requests\":7,\"storage_bytes\":2000");
        spec.add(sending(200, REPORT, report));
        spec.add(sending(200, REPORT, report));
        spec.add(sending(200, REPORT, record(id, "\"api_requests\":8")));
        spec.add(sending(200, REPORT, record("\"api_requests\":8")));
        spec.add(asking(200, USAGE, MONTH, id));
        spec.add(asking(200, OWN_USAGE, MONTH));
        for (var breakdown : List.of("daily", "children")) {
            var query = MONTH + "&scope=subtree&breakdown=" + breakdown;
            spec.add(asking(200, USAGE, query, id));
            spec.add(asking(200, OWN_USAGE, query));
        }
        spec.addAll(limits(id));
        spec.addAll(lifeOfAKey(id));
        spec.add(calling(200, DELETE, id));
        spec.add(asking(200, GET, "?include_deleted=true", id));
        spec.add(asking(200, LIST, "?include_deleted=true"));
        return spec;
    }

    private List<ErrorSpec> limits(String organisation) {
        var key = sending(200, MINT, LIMITED, organisation);
        var verification = verify(key, "\"ip\":\"198.51.100.7\",\"count\":1000000");
        return List.of(
                calling(200, LIMITS, organisation),
                sending(200, SET_LIMITS, body(SET_LIMITS), organisation),
                sending(200, SET_LIMITS, "{\"requests_per_second\":1,\"burst\":null}", organisation),
                calling(200, LIMITS, organisation),
                sending(200, VERIFY, verification),
                sending(200, VERIFY, verification),
                calling(200, REMOVE_LIMITS, organisation));
    }

    /** Of one of the caller's own, and of one of that organisation. */
    private List<ErrorSpec> lifeOfAKey(String organisation) {
        var spec = new ArrayList<ErrorSpec>();
        var own = sending(200, MINT_OWN, LIMITED);
        var key = sending(200, MINT, LIMITED, organisation);
        spec.add(own);
        spec.add(key);
        spec.add(sending(200, VERIFY, verify(key, "\"ip\":\"198.51.100.7\"")));
        spec.add(sending(200, VERIFY, verify(key, "\"count\":0")));
        spec.add(sending(200, VERIFY, "{\"api_key\":\"unknown\"}"));
        spec.add(calling(200, OWN_KEY, id(own)));
        spec.add(calling(200, KEY, organisation, id(key)));
        spec.add(sending(200, UPDATE_OWN, body(UPDATE_OWN), id(own)));
        spec.add(sending(200, UPDATE_KEY, body(UPDATE_KEY), organisation, id(key)));
        var ownSuccessor = sending(200, ROTATE_OWN, body(ROTATE_OWN), id(own));
        var successor = sending(200, ROTATE, body(ROTATE), organisation, id(key));
        spec.add(ownSuccessor);
        spec.add(successor);
        spec.add(sending(200, VERIFY, verify(own, "\"count\":1")));
        spec.add(calling(200, REVOKE_OWN, id(ownSuccessor)));
        spec.add(calling(200, REVOKE, organisation, id(successor)));
        spec.add(sending(200, VERIFY, verify(successor, "\"count\":1")));
        spec.add(sending(200, REVOKE_ALL, "{\"organisation_id\":\"" + organisation + "\"}"));
        spec.add(calling(200, OWN_KEYS));
        spec.add(asking(200, OWN_KEYS, "?scope=subtree&unused_since=2999-01-01T00:00:00Z&limit=1"));
        spec.add(asking(200, KEYS, "?expires_before=2999-12-31T23:59:59Z&skip=1", organisation));
        return spec;
    }

    @Override
    protected List<ErrorSpec> errors() {
        var own = sending(200, MINT_OWN, LIMITED);
        var callers = Objects.requireNonNull(partner.key()).substring(4, 16);
        var taken = body("partner_external_id", "taken");
        partner.sendText("POST", "/organisations", taken);
        var other = partner.create("Other").id();
        return List.of(
                asking(400, LIST, "?limit=0&skip=&after=x&scope=all&scope=all"),
                asking(400, LIST, "?partner_external_id=.&organisation_name=&organisation_key=A&external_id=1&name=1"),
                asking(400, GET, "?include_deleted=1", NOBODY),
                asking(400, USAGE, "?usage_month=2026-13", NOBODY),
                calling(400, OWN_USAGE),
                asking(400, OWN_USAGE, MONTH + "&scope=children&breakdown=self"),
                calling(404, GET, "malformed"),
                sending(400, CREATE, "{\"unknown\":1}"),
                sending(400, PUT_BY_EXTERNAL_ID, "{\"unknown\":1,\"partner_external_id\":\"a\"}", "a"),
                sending(400, PUT_BY_EXTERNAL_ID, body(PUT_BY_EXTERNAL_ID), NOBODY),
                calling(404, GET_BY_EXTERNAL_ID, NOBODY),
                sending(400, UPDATE, "{\"unknown\":1}", NOBODY),
                sending(400, UPDATE, "{\"country\":\"GB\"}", NOBODY),
                sending(400, REPORT, record("\"api_requests\":-1")),
                asking(400, OWN_KEYS, "?limit=0&skip=1&after=x&scope=all&unused_since=x&expires_before="),
                asking(400, KEYS, "?limit=0&skip=-1", NOBODY),
                sending(400, MINT, "{\"roles\":[\"root\"],\"expires_at\":\"2020-01-01T00:00:00Z\"}", NOBODY),
                sending(400, MINT, "{\"name\":\"A\",\"roles\":[\"gateway\"]}", other),
                sending(400, UPDATE_OWN, "{\"roles\":[\"partner\"]}", callers),
                sending(400, SET_LIMITS, "{\"requests_per_second\":0,\"burst\":1000001}", NOBODY),
                sending(400, ROTATE_OWN, "{\"overlap_seconds\":604801}", callers),
                sending(400, VERIFY, "{\"ip\":\"x\",\"count\":-1}"),
                calling(404, KEY, other, "malformed"),
                calling(404, KEY, other, id(own)),
                sending(404, ROTATE, "{}", NOBODY, id(own)),
                sending(404, REVOKE_ALL, body(REVOKE_ALL)),
                calling(409, REVOKE_OWN, callers),
                sending(409, UPDATE_OWN, "{\"expires_at\":\"2020-01-01T00:00:00Z\"}", callers),
                sending(409, UPDATE_OWN, "{\"allowed_ips\":[\"192.0.2.1\"]}", callers),
                sending(409, REVOKE_ALL, "{\"organisation_id\":\"" + ownId() + "\"}"),
                sending(409, CREATE, taken),
                again(400, CREATE, ""),
                again(422, CREATE, "used"),
                again(409, CREATE, "in progress"),
                again(422, MINT_OWN, "in progress"),
                again(422, DELETE, "in progress", other),
                sending(409, UPDATE, "{\"partner_external_id\":\"taken\"}", other));
    }

    @Test
    void answerThatIsGivenAgainIsAsDocumented() {
        var sent = Map.of("Idempotency-Key", "again");
        for (var replayed : List.of("", "true")) {
            var answer = partner.call("POST", "/organisations", body(CREATE), sent);
            assertThat(answer.header("Idempotent-Replayed")).isEqualTo(replayed);
            assertThat(document.violations(CREATE, 200, answer.json())).isEmpty();
        }
        assertThat(document.headerViolations(CREATE, 200, "Idempotent-Replayed", "true"))
                .isEmpty();
    }

    @Test
    void acceptedBodiesAreThoseThatAreDocumented() {
        assertThat(document.bodyViolations(CREATE, "{\"organisation_name\":\"A\",\"country\":\"GB\"}"))
                .isNotEmpty();
        assertThat(document.bodyViolations(PUT_BY_EXTERNAL_ID, body("partner_external_id", "a")))
                .isNotEmpty();
        assertThat(document.bodyViolations(PUT_BY_EXTERNAL_ID, body("is_partner", true)))
                .isEmpty();
        assertThat(document.bodyViolations(UPDATE, "{\"country\":\"GB\"}")).isNotEmpty();
        assertThat(document.bodyViolations(UPDATE, "{}")).isNotEmpty();
        assertThat(document.bodyViolations(REPORT, record("\"api_requests\":-1")))
                .isNotEmpty();
        assertThat(document.bodyViolations(REPORT, record("\"api_requests\":null")))
                .isNotEmpty();
        assertThat(document.bodyViolations(REPORT, record("\"api_requests\":-1,\"reason\":\"Twice\"")))
                .isEmpty();
        assertThat(document.bodyViolations(REPORT, record("\"storage_bytes\":0,\"reason\":null")))
                .isEmpty();
        assertThat(document.bodyViolations(REPORT, record("\"storage_bytes\":-1,\"reason\":null")))
                .isNotEmpty();
        assertThat(document.bodyViolations(REPORT, record("\"reason\":\"Without a figure\"")))
                .isNotEmpty();
        assertThat(document.bodyViolations(SET_LIMITS, "{\"requests_per_second\":1000001}"))
                .isNotEmpty();
        assertThat(document.bodyViolations(SET_LIMITS, "{\"requests_per_second\":1,\"burst\":0}"))
                .isNotEmpty();
        for (var call : List.of(MINT, UPDATE_KEY, ROTATE, VERIFY, REVOKE_ALL, SET_LIMITS)) {
            assertThat(document.bodyViolations(call, body(call))).as("%s", call).isEmpty();
            assertThat(document.bodyViolations(call, "{\"unknown\":1}"))
                    .as("%s", call)
                    .isNotEmpty();
        }
        assertThat(document.bodyViolations(MINT, "{\"name\":\"A\",\"roles\":[]}"))
                .isNotEmpty();
        assertThat(document.bodyViolations(UPDATE_KEY, "{\"roles\":[\"standard\"]}"))
                .isNotEmpty();
        assertThat(document.bodyViolations(UPDATE_KEY, "{\"name\":null}")).isNotEmpty();
        assertThat(document.bodyViolations(UPDATE_KEY, "{\"allowed_ips\":null}"))
                .isEmpty();
        assertThat(document.bodyViolations(ROTATE, "{\"overlap_seconds\":604801}"))
                .isNotEmpty();
        assertThat(document.bodyViolations(VERIFY, "{\"api_key\":\"x\",\"count\":1000001}"))
                .isNotEmpty();
    }

    /** By the condition in its schema, which generators pass over. */
    @Test
    void verificationThatIsNotValidSaysNothingOfTheKey() {
        var key = sending(200, MINT_OWN, LIMITED);
        var valid = sending(200, VERIFY, verify(key, "\"ip\":\"198.51.100.7\""))
                .answer()
                .json();
        var unknown = sending(200, VERIFY, "{\"api_key\":\"unknown\"}").answer().json();
        assertThat(document.violations(VERIFY, 200, valid)).isEmpty();
        assertThat(document.violations(VERIFY, 200, unknown)).isEmpty();

        for (var field : List.of("valid", "organisation_id", "organisation_key", "key_id", "roles")) {
            assertThat(document.violations(VERIFY, 200, withFieldOf(valid, field, unknown)))
                    .as(field)
                    .isNotEmpty();
            assertThat(document.violations(VERIFY, 200, withFieldOf(unknown, field, valid)))
                    .as(field)
                    .isNotEmpty();
        }
    }

    /** By the condition in its schema, which generators pass over. */
    @Test
    void onlyAnOrganisationThatWasCreatedIsPutWithItsKeys() {
        var created = sending(200, PUT_BY_EXTERNAL_ID, body("is_partner", true), "once")
                .answer()
                .json();
        var found = sending(200, PUT_BY_EXTERNAL_ID, body("is_partner", true), "once")
                .answer()
                .json();

        for (var key : List.of("organisation_api_key", "partner_api_key")) {
            var withKey = found.deepCopy();
            ((ObjectNode) withKey.at("/data/organisation")).set(key, created.at("/data/organisation/" + key));
            assertThat(document.violations(PUT_BY_EXTERNAL_ID, 200, withKey))
                    .as(key)
                    .isNotEmpty();
        }
        ((ObjectNode) created.at("/data/organisation")).remove("organisation_api_key");
        assertThat(document.violations(PUT_BY_EXTERNAL_ID, 200, created)).isNotEmpty();
    }

    /** Only the root can lose its last key, and no test takes it away from the others. */
    @Test
    void conflictThatOnlyTheRootHasIsAsDocumented() throws IOException {
        var page = Files.readString(Path.of("src/docs/errors/last_partner_key.md"));
        var shown = Http.json(page.substring(page.indexOf('{'), page.lastIndexOf("```")));

        for (var call : List.of(UPDATE_OWN, REVOKE_OWN)) {
            assertThat(document.violations(call, 409, shown)).isEmpty();
        }
    }

    private static JsonNode withFieldOf(JsonNode answer, String field, JsonNode other) {
        var mixed = answer.deepCopy();
        ((ObjectNode) mixed.at("/data/verification")).set(field, other.at("/data/verification/" + field));
        return mixed;
    }

    /** The answer to another request under a key that was used, whose claim has no answer yet if it is in progress. */
    private ErrorSpec again(int expected, Call call, String key, String... ids) {
        var sent = Map.of("Idempotency-Key", key);
        partner.call("POST", "/organisations", Http.text(PartnerClient.body("First")), sent);
        if (expected == 409) {
            Stored.takeAnswers(partner);
        }
        var body = call.equals(CREATE) ? Http.text(PartnerClient.body(expected == 422 ? "Second" : "First")) : null;
        var path = ids.length == 0 ? call.path() : call.path().replaceFirst("\\{[^}]+}", ids[0]);
        var answer = partner.call(call.method(), path, call.equals(MINT_OWN) ? body(call) : body, sent);
        return new ErrorSpec(expected, call, answer);
    }

    /** A body that creates an organisation, with one more field. */
    private static String body(String field, Object value) {
        var body = PartnerClient.body("Customer");
        body.put(field, value);
        return Http.text(body);
    }

    private static String key(ErrorSpec created) {
        return created.answer().json().at("/data/organisation/organisation_key").textValue();
    }

    /** The id of the key that was minted, or rotated in. */
    private static String id(ErrorSpec minted) {
        return minted.answer().json().at("/data/api_key/key_id").textValue();
    }

    private static String verify(ErrorSpec minted, String further) {
        var secret = minted.answer().json().at("/data/api_key/api_key").textValue();
        return "{\"api_key\":\"" + secret + "\"," + further + "}";
    }

    private String ownId() {
        return partner.send("GET", "/usage" + MONTH)
                .json()
                .at("/data/usage/organisation_id")
                .textValue();
    }

    private static String record(String figures) {
        return record(NOBODY, figures);
    }

    private static String record(String organisation, String figures) {
        return "{\"records\":[{\"id\":\"1\",\"organisation_id\":\"" + organisation + "\",\"day\":\"2026-04-01\","
                + figures + "}]}";
    }
}
