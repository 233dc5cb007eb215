package dev.offshoot.api.cloudmanager;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.offshoot.testing.ApiClient;
import dev.offshoot.testing.ApiDocument.Call;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.OpenApiChecks;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Holds the OpenAPI document of the Cloud Manager API and the service against one another. */
@Tag("any-database")
@QuarkusTest
@QuarkusTestResource(Installation.class)
class CloudManagerOpenApiTest extends OpenApiChecks {
    private static final String NOBODY = "0123456789abcdef01234567";
    private static final String ORG = "/orgs/{orgId}";
    private static final String USERS = ORG + "/users";
    private static final String USER = USERS + "/{userId}";
    private static final String INVITES = ORG + "/invites";
    private static final String INVITE = INVITES + "/{invitationId}";
    private static final String KEYS = ORG + "/apiKeys";
    private static final String KEY = KEYS + "/{keyId}";
    private static final String LIST = KEY + "/accessList";
    private static final String ENTRY = LIST + "/{address}";
    private static final String BLOCK = ENTRY + "/{bits}";
    private static final String ENVELOPE = "?envelope=true";

    private static final Map<Integer, Set<String>> CODES = Map.of(
            401, Set.of("NO_CURRENT_USER"),
            403, Set.of("USER_UNAUTHORIZED", "IP_ADDRESS_NOT_ON_ACCESS_LIST"),
            406, Set.of("NOT_ACCEPTABLE"),
            408, Set.of("REQUEST_TIMEOUT"),
            413, Set.of("PAYLOAD_TOO_LARGE"),
            415, Set.of("UNSUPPORTED_MEDIA_TYPE"),
            429, Set.of("RATE_LIMITED"),
            500, Set.of("UNEXPECTED_ERROR"),
            503, Set.of("SERVICE_UNAVAILABLE"));

    private static final String INVITATION =
            "{\"username\":\"a@b\",\"roles\":[\"ORG_OWNER\",\"ORG_MEMBER\"],\"teamIds\":null}";

    private static final Set<String> CHANGED = Set.of("PRECONDITION_FAILED");

    private static final Map<Call, Map<Integer, Set<String>>> FURTHER = Map.of(
            call("POST", "/orgs"),
            Map.of(409, Set.of("DEPTH_EXCEEDED")),
            call("GET", ORG),
            Map.of(304, Set.of(), 412, CHANGED),
            call("PATCH", ORG),
            Map.of(412, CHANGED),
            call("DELETE", ORG),
            Map.of(412, CHANGED),
            call("DELETE", KEY),
            Map.of(409, Set.of("CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST")),
            call("POST", INVITES),
            Map.of(409, Set.of("USER_ALREADY_INVITED", "USER_ALREADY_IN_ORG", "LIMIT_EXCEEDED")),
            call("POST", LIST),
            Map.of(409, Set.of("ADDRESS_ALREADY_IN_ACCESS_LIST", "CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST")),
            call("DELETE", ENTRY),
            Map.of(409, Set.of("CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST")),
            call("DELETE", BLOCK),
            Map.of(409, Set.of("CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST")));

    private static final Map<String, String> NOBODYS = Map.of(
            "orgId",
            NOBODY,
            "userId",
            NOBODY,
            "invitationId",
            NOBODY,
            "keyId",
            "0123456789ab",
            "address",
            "192.0.2.0",
            "bits",
            "24");

    private final CloudManagerClient client = CloudManagerClient.of(partner);
    private final String own = client.orgs("").results().get(0).id();

    CloudManagerOpenApiTest() {
        super(new Api(
                "/q/openapi/cloud-manager",
                "Cloud Manager API",
                "digest",
                "/orgs",
                CloudManagerRoutes.ALL,
                true,
                CODES,
                FURTHER,
                NOBODYS));
    }

    @Override
    protected ApiClient client(@Nullable String key) {
        return CloudManagerClient.with(key);
    }

    @Override
    protected int success(Call call) {
        return call.method().equals("DELETE") ? 204 : 200;
    }

    @Override
    protected String body(Call call) {
        return call.equals(call("POST", LIST))
                ? "[{\"ipAddress\":\"::1\"}]"
                : "{\"name\":\"A\",\"desc\":\"A\",\"username\":\"a@b\",\"roles\":[\"ORG_OWNER\"]}";
    }

    @Override
    protected Set<String> codes(Call call, int status) {
        return switch (status) {
            case 400 -> invalid(call);
            case 404 -> missing(call);
            default -> super.codes(call, status);
        };
    }

    @Override
    protected void assertSuccess(Answer answer) {
        if (answer.status() == 200) {
            assertThat(answer.header("X-MongoDB-Service-Version")).isNotEmpty();
        }
    }

    @Override
    protected List<ErrorSpec> successes() {
        var child = client.create("Child").id();
        var spec = new ArrayList<ErrorSpec>();
        spec.add(calling(200, call("GET", "")));
        spec.add(calling(200, call("GET", "/groups")));
        spec.add(calling(200, call("GET", "/orgs")));
        spec.add(asking(200, call("GET", "/orgs"), "?itemsPerPage=1&includeCount=false"));
        spec.add(sending(200, call("POST", "/orgs"), "{\"name\":\"A\"}"));
        for (var path : List.of("", "/groups", "/teams", "/users", "/invites", "/apiKeys")) {
            spec.add(calling(200, call("GET", ORG + path), own));
        }
        addMembers();
        spec.add(calling(200, call("GET", USERS), own));
        client.users(own, "").results().forEach(user -> spec.add(calling(200, call("GET", USER), own, user.id())));
        spec.add(sending(200, call("PATCH", ORG), "{\"name\":\"B\"}", own));
        var invited = sending(200, call("POST", INVITES), INVITATION, own);
        spec.add(invited);
        var invitation = invited.answer().json().get("id").textValue();
        spec.add(calling(200, call("GET", INVITES), own));
        spec.add(calling(200, call("GET", INVITE), own, invitation));
        spec.add(sending(200, call("PATCH", INVITES), INVITATION, own));
        spec.add(sending(200, call("PATCH", INVITE), INVITATION, own, invitation));
        spec.add(calling(204, call("DELETE", INVITE), own, invitation));
        var minted =
                sending(200, call("POST", KEYS), "{\"desc\":\"A\",\"roles\":[\"ORG_OWNER\",\"ORG_READ_ONLY\"]}", own);
        spec.add(minted);
        var key = minted.answer().json().get("id").textValue();
        spec.add(calling(200, call("GET", KEYS), own));
        spec.add(calling(200, call("GET", KEY), own, key));
        spec.add(sending(200, call("PATCH", KEY), "{\"desc\":\"B\"}", own, key));
        var entries = "[{\"ipAddress\":\"192.0.2.1\"},{\"cidrBlock\":\"192.0.2.0/24\"}]";
        spec.add(sending(200, call("POST", LIST), entries, own, key));
        spec.add(calling(200, call("GET", LIST), own, key));
        spec.add(calling(200, call("GET", ENTRY), own, key, "192.0.2.1"));
        spec.add(calling(200, call("GET", BLOCK), own, key, "192.0.2.0", "24"));
        spec.add(calling(204, call("DELETE", ENTRY), own, key, "192.0.2.1"));
        spec.add(calling(204, call("DELETE", BLOCK), own, key, "192.0.2.0", "24"));
        spec.add(calling(204, call("DELETE", KEY), own, key));
        spec.add(calling(204, call("DELETE", ORG), child));
        spec.add(asking(200, call("GET", "/orgs"), "?includeDeletedOrgs=true"));
        return spec;
    }

    @Override
    protected List<ErrorSpec> errors() {
        var key = client.mint(own, "A", "ORG_OWNER").id();
        client.allow(own, key, "192.0.2.1");
        var owner =
                CloudManagerClient.with(client.mint(own, "Owner", "ORG_OWNER").privateKey());
        var ownKey = CloudManagerClient.keyPath(own, owner.keyId());
        var spec = new ArrayList<ErrorSpec>();
        spec.add(sending(409, call("POST", LIST), "[{\"ipAddress\":\"192.0.2.1\"}]", own, key));
        spec.add(sending(400, call("POST", LIST), "[{\"ipAddress\":\"::1\"},{\"ipAddress\":\"::1\"}]", own, key));
        spec.add(calling(404, call("GET", BLOCK), own, key, "192.0.2.0", "24"));
        spec.add(calling(404, call("GET", ENTRY), own, "0123456789ab", "192.0.2.1"));
        spec.add(calling(404, call("GET", USER), own, NOBODY));
        spec.add(calling(404, call("GET", INVITE), own, NOBODY));
        spec.add(sending(404, call("PATCH", INVITES), INVITATION, own));
        client.invite(own, "a@b", "ORG_OWNER");
        spec.add(sending(409, call("POST", INVITES), INVITATION, own));
        spec.add(sending(400, call("POST", INVITES), "{\"username\":\"a@b\",\"roles\":[\"OWNER\"]}", own));
        spec.add(sending(400, call("PATCH", KEY), "{\"roles\":[\"PARTNER\"]}", own, key));
        spec.add(new ErrorSpec(409, call("DELETE", KEY), owner.send("DELETE", ownKey)));
        spec.add(calling(403, call("DELETE", ORG), own));
        document.calls().forEach(call -> spec.add(askingAboutNobody(400, call, "?pretty=x")));
        return spec;
    }

    @Test
    void everyAnswerWithABodyDeclaresItsEnvelope() {
        assertThat(document.calls())
                .allSatisfy(call -> assertThat(document.statuses(call)).allSatisfy(status -> {
                    var response = document.whole(call).get("responses").get(String.valueOf(status));
                    var declared = response.has("referred to") ? response.get("referred to") : response;
                    assertThat(declared.has("x-envelope"))
                            .as("%s %s", call, status)
                            .isEqualTo(declared.has("content"));
                }));
    }

    @Test
    void answersInAnEnvelopeAreAsDocumented() {
        addMembers();
        var key = client.mint(own, "A", "ORG_OWNER").id();
        client.allow(own, key, "192.0.2.1");
        var spec = new ArrayList<ErrorSpec>();
        for (var path : List.of("", "/groups", "/orgs")) {
            spec.add(asking(200, call("GET", path), ENVELOPE));
        }
        for (var path : List.of("", "/groups", "/teams", "/users", "/invites", "/apiKeys")) {
            spec.add(asking(200, call("GET", ORG + path), ENVELOPE, own));
        }
        spec.add(asking(200, call("GET", ORG), ENVELOPE, own));
        spec.add(asking(200, call("GET", USER), ENVELOPE, own, userId()));
        spec.add(asking(200, call("GET", KEY), ENVELOPE, own, key));
        spec.add(asking(200, call("GET", LIST), ENVELOPE, own, key));
        spec.add(asking(200, call("GET", ENTRY), ENVELOPE, own, key, "192.0.2.1"));
        spec.add(asking(403, call("DELETE", ORG), ENVELOPE, own));
        document.calls().forEach(call -> spec.add(askingAboutNobody(400, call, ENVELOPE + "&pretty=x")));

        assertThat(spec).allSatisfy(enveloped -> {
            var answer = enveloped.answer();
            assertThat(answer.status()).as("%s", enveloped).isEqualTo(enveloped.expected());
            assertThat(document.envelopeViolations(enveloped.call(), answer.status(), answer.json()))
                    .as("%s", enveloped)
                    .isEmpty();
            assertThat(document.violations(enveloped.call(), answer.status(), withoutEnvelope(answer)))
                    .as("%s", enveloped)
                    .isEmpty();
        });
    }

    private String userId() {
        return client.send("GET", "/orgs/" + own + "/users")
                .json()
                .at("/results/0/id")
                .textValue();
    }

    private static JsonNode withoutEnvelope(Answer answer) {
        var envelope = (ObjectNode) answer.json();
        assertThat(envelope.remove("status").intValue()).isEqualTo(answer.status());
        return envelope.has("content") ? envelope.get("content") : envelope;
    }

    /** One of whom everything is known, and one of whom nothing is. */
    private void addMembers() {
        var organisations = MonoidClient.of(partner);
        organisations.addMember(
                own,
                Map.of("userId", "user-1", "role", "owner", "email", "ada@example.com", "name", "Ada King Lovelace"));
        organisations.addMember(own, Map.of("userId", "user-2", "role", "member"));
    }

    private Set<String> invalid(Call call) {
        var codes = new TreeSet<>(Set.of("INVALID_QUERY_PARAMETER"));
        if (document.hasBody(call)) {
            codes.addAll(Set.of("INVALID_JSON", "INVALID_ATTRIBUTE", "MISSING_ATTRIBUTE"));
        }
        if (Set.of(
                        call("POST", KEYS),
                        call("PATCH", KEY),
                        call("POST", INVITES),
                        call("PATCH", INVITES),
                        call("PATCH", INVITE))
                .contains(call)) {
            codes.add("INVALID_ENUM_VALUE");
        }
        if (document.statuses(call).contains(412)) {
            codes.add("INVALID_ATTRIBUTE");
        }
        if (call.equals(call("POST", LIST))) {
            codes.add("DUPLICATE_ADDRESSES_IN_INPUT");
        }
        return codes;
    }

    private static Set<String> missing(Call call) {
        var path = call.path();
        var codes = new TreeSet<>(Set.of("ORG_NOT_FOUND"));
        if (path.contains("{invitationId}") || call.equals(call("PATCH", INVITES))) {
            codes.add("INVITATION_NOT_FOUND");
        }
        if (path.contains("{userId}")) {
            codes.add("RESOURCE_NOT_FOUND");
        }
        if (path.contains("{keyId}")) {
            codes.add("API_KEY_NOT_FOUND");
        }
        if (path.contains("{address}")) {
            codes.add("ACCESS_LIST_NOT_FOUND");
        }
        return codes;
    }

    private static Call call(String method, String path) {
        return new Call(method, CloudManagerRoutes.BASE + path);
    }
}
