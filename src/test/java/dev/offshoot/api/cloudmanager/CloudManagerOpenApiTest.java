package dev.offshoot.api.cloudmanager;

import static dev.offshoot.testing.CloudManagerClient.keyPath;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.offshoot.testing.ApiDocument;
import dev.offshoot.testing.ApiDocument.Call;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Holds the OpenAPI document of the Cloud Manager API and the service against one another. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class CloudManagerOpenApiTest {
    private static final String NOBODY = "0123456789abcdef01234567";
    private static final String ORG = "/orgs/{orgId}";
    private static final String KEYS = ORG + "/apiKeys";
    private static final String KEY = KEYS + "/{keyId}";
    private static final String LIST = KEY + "/accessList";
    private static final String ENTRY = LIST + "/{address}";
    private static final String BLOCK = ENTRY + "/{bits}";

    /** Calls that answer a conflict; every call about an organisation answers 404 too. */
    private static final Set<Call> CONFLICTING = Set.of(
            call("POST", "/orgs"),
            call("DELETE", KEY),
            call("POST", LIST),
            call("DELETE", ENTRY),
            call("DELETE", BLOCK));

    private final ApiDocument document = ApiDocument.served("/q/openapi/cloud-manager");
    private final CloudManagerClient client = CloudManagerClient.of(PartnerClient.newPartner());
    private final String own = client.orgs("").results().get(0).id();

    /** An answer of a call. */
    private record Told(Call call, Answer answer) {
        @Override
        public String toString() {
            return call + " " + answer.status() + " " + answer.body();
        }
    }

    @Test
    void documentHasTheCallsThatThereAre() {
        var calls = CloudManagerRoutes.ALL.all().stream()
                .map(route -> new Call(route.method(), "/" + String.join("/", route.template())))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(document.calls()).isEqualTo(calls);
    }

    @Test
    void documentIsThisApisAlone() {
        assertThat(document.json().get("info").get("title").textValue()).isEqualTo("Offshoot Cloud Manager API");
        assertThat(document.json().get("openapi").textValue()).startsWith("3.1");
        assertThat(document.json().get("components").get("securitySchemes").fieldNames())
                .toIterable()
                .containsExactly("digest");
        assertThat(ApiDocument.served("/q/openapi").calls())
                .noneMatch(call -> call.path().startsWith(CloudManagerRoutes.BASE));
    }

    @Test
    void everyCallDeclaresItsStatuses() {
        assertThat(document.calls())
                .allSatisfy(call ->
                        assertThat(document.statuses(call)).as("%s", call).isEqualTo(statuses(call)));
    }

    @Test
    void everyExampleIsValid() {
        assertThat(document.examples()).hasSizeGreaterThan(40).allSatisfy(example -> assertThat(
                        document.faults(example.schema(), example.value()))
                .as("%s %s", example.place(), example.value())
                .isEmpty());
    }

    @Test
    void successfulAnswersAreAsDocumented() {
        var told = successes();

        assertThat(told.stream().map(Told::call)).containsAll(document.calls());
        assertThat(told).allSatisfy(success -> {
            assertThat(success.answer().status())
                    .as("%s", success)
                    .isEqualTo(success.call().method().equals("DELETE") ? 204 : 200);
            if (success.answer().status() == 200) {
                assertDocumented(success);
                assertThat(success.answer().header("X-MongoDB-Service-Version")).isNotEmpty();
            }
        });
    }

    @Test
    void fieldThatIsNotDocumentedIsNoticedWhereverItStands() {
        assertThat(successes())
                .filteredOn(told -> told.answer().status() == 200)
                .allSatisfy(success -> withOneMoreField(success.answer().json())
                        .forEach(with -> assertThat(document.faults(success.call(), 200, with))
                                .as("%s", with)
                                .isNotEmpty()));
    }

    @Test
    void errorsAreAsDocumented() {
        var told = errors();

        assertThat(told).allSatisfy(error -> {
            assertThat(error.answer().status()).as("%s", error).isGreaterThanOrEqualTo(400);
            assertDocumented(error);
        });
        assertThat(told.stream().map(error -> error.answer().status()).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(400, 401, 403, 404, 406, 409, 413, 415);
    }

    @Test
    void unknownPathAndMethodAreAnsweredAsDocumented() {
        assertThat(document.faults("UnknownPath", client.send("GET", "/unknown").json()))
                .isEmpty();
        assertThat(document.faults(
                        "MethodNotAllowed", client.send("PUT", "/orgs").json()))
                .isEmpty();
    }

    @Test
    void swaggerUiOffersBothDocuments() {
        var page = Http.send(Http.request("GET", "/q/swagger-ui/").build());

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("/q/openapi/cloud-manager", "Cloud Manager API", "Partner API");
    }

    private Set<Integer> statuses(Call call) {
        var statuses = new TreeSet<>(Set.of(401, 403, 406, 429, 500, 503));
        statuses.add(call.method().equals("DELETE") ? 204 : 200);
        if (document.hasQueryParameters(call)) {
            statuses.add(400);
        }
        if (document.hasBody(call)) {
            statuses.addAll(Set.of(400, 413, 415));
        }
        if (call.path().contains("{orgId}")) {
            statuses.add(404);
        }
        if (CONFLICTING.contains(call)) {
            statuses.add(409);
        }
        return statuses;
    }

    private List<Told> successes() {
        var told = new ArrayList<Told>();
        var child = client.create("Child").id();
        told.add(tell(client, "GET", "", "", null));
        told.add(tell(client, "GET", "/groups", "", null));
        told.add(tell(client, "GET", "/orgs", "", null));
        told.add(tell(client, "GET", "/orgs", "?itemsPerPage=1&includeCount=false", null));
        told.add(tell(client, "POST", "/orgs", "", "{\"name\":\"A\"}"));
        for (var path : List.of("", "/groups", "/teams", "/users", "/invites", "/apiKeys")) {
            told.add(tell(client, "GET", ORG + path, "", null));
        }
        told.add(tell(client, "PATCH", ORG, "", "{\"name\":\"B\"}"));
        var minted = tell(client, "POST", KEYS, "", "{\"desc\":\"A\",\"roles\":[\"ORG_OWNER\",\"ORG_READ_ONLY\"]}");
        told.add(minted);
        var key = minted.answer().json().get("id").textValue();
        told.add(tell(client, "GET", KEYS, "", null));
        told.add(at(key, "GET", KEY, null));
        told.add(at(key, "PATCH", KEY, "{\"desc\":\"B\"}"));
        told.add(at(key, "POST", LIST, "[{\"ipAddress\":\"192.0.2.1\"},{\"cidrBlock\":\"192.0.2.0/24\"}]"));
        told.add(at(key, "GET", LIST, null));
        told.add(at(key, "GET", ENTRY, null));
        told.add(at(key, "GET", BLOCK, null));
        told.add(at(key, "DELETE", ENTRY, null));
        told.add(at(key, "DELETE", BLOCK, null));
        told.add(at(key, "DELETE", KEY, null));
        told.add(new Told(call("DELETE", ORG), client.send("DELETE", "/orgs/" + child)));
        told.add(tell(client, "GET", "/orgs", "?includeDeletedOrgs=true", null));
        return told;
    }

    private List<Told> errors() {
        var told = new ArrayList<Told>();
        var limited =
                CloudManagerClient.with(client.mint(own, "Limited", "ORG_OWNER").privateKey());
        client.allow(own, limited.keyId(), "192.0.2.1");
        document.calls().forEach(call -> told.addAll(errors(call, limited)));
        var key = client.mint(own, "A", "ORG_OWNER").id();
        client.allow(own, key, "192.0.2.1");
        told.add(at(key, "POST", LIST, "[{\"ipAddress\":\"192.0.2.1\"}]"));
        told.add(at(key, "POST", LIST, "[{\"ipAddress\":\"::1\"},{\"ipAddress\":\"::1\"}]"));
        told.add(at(key, "GET", BLOCK, null));
        told.add(at("0123456789ab", "GET", ENTRY, null));
        told.add(at(key, "PATCH", KEY, "{\"roles\":[\"PARTNER\"]}"));
        var owner =
                CloudManagerClient.with(client.mint(own, "Owner", "ORG_OWNER").privateKey());
        told.add(new Told(call("DELETE", KEY), owner.send("DELETE", keyPath(own, owner.keyId()))));
        told.add(new Told(call("DELETE", ORG), client.send("DELETE", "/orgs/" + own)));
        return told;
    }

    /** What every call refuses alike. */
    private List<Told> errors(Call call, CloudManagerClient limited) {
        var path = call.path().substring(CloudManagerRoutes.BASE.length());
        var body = !document.hasBody(call) ? null : path.equals(LIST) ? "[{\"ipAddress\":\"::1\"}]" : good();
        var target = filled(path, NOBODY, "0123456789ab");
        var told = new ArrayList<Told>();
        told.add(new Told(call, send(CloudManagerClient.with(null), call, target, body, Map.of())));
        told.add(new Told(call, send(limited, call, target, body, Map.of())));
        told.add(new Told(call, send(client, call, target, body, Map.of("Accept", "text/html"))));
        told.add(new Told(call, send(client, call, target + "?pretty=x", body, Map.of())));
        if (path.contains("{orgId}")) {
            told.add(new Told(call, send(client, call, target, body, Map.of())));
        }
        if (body != null) {
            told.add(new Told(call, send(client, call, target, "{", Map.of())));
            told.add(new Told(call, send(client, call, target, "{\"name\":1,\"desc\":1}", Map.of())));
            told.add(new Told(call, send(client, call, target, " ".repeat(64 * 1024 + 1), Map.of())));
            told.add(new Told(call, send(client, call, target, body, Map.of("Content-Type", "text/plain"))));
        }
        return told;
    }

    private static String good() {
        return "{\"name\":\"A\",\"desc\":\"A\",\"roles\":[\"ORG_OWNER\"]}";
    }

    private Told tell(CloudManagerClient caller, String method, String path, String query, @Nullable String body) {
        var call = call(method, path);
        return new Told(call, send(caller, call, filled(path, own, "") + query, body, Map.of()));
    }

    private Told at(String key, String method, String path, @Nullable String body) {
        var call = call(method, path);
        return new Told(call, send(client, call, filled(path, own, key), body, Map.of()));
    }

    private static String filled(String path, String org, String key) {
        var address = path.endsWith("{bits}") ? "192.0.2.0" : "192.0.2.1";
        return path.replace("{orgId}", org)
                .replace("{keyId}", key)
                .replace("{address}", address)
                .replace("{bits}", "24");
    }

    private static Answer send(
            CloudManagerClient caller, Call call, String target, @Nullable String body, Map<String, String> headers) {
        var request = caller.signed(call.method(), target);
        if (body != null) {
            request.setHeader("Content-Type", "application/json");
            request.method(call.method(), BodyPublishers.ofString(body));
        }
        headers.forEach(request::setHeader);
        return Http.send(request.build());
    }

    private void assertDocumented(Told told) {
        var answer = told.answer();
        assertThat(document.faults(told.call(), answer.status(), answer.json()))
                .as("%s", told)
                .isEmpty();
        assertThat(answer.header("X-Request-Id")).matches("[A-Za-z0-9._-]{1,128}");
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    private static Call call(String method, String path) {
        return new Call(method, CloudManagerRoutes.BASE + path);
    }

    /** The answer with one more field, once for each of its objects. */
    private static List<JsonNode> withOneMoreField(JsonNode answer) {
        var with = new ArrayList<JsonNode>();
        collect(answer, answer, with);
        return with;
    }

    private static void collect(JsonNode whole, JsonNode part, List<JsonNode> with) {
        if (part instanceof ObjectNode object) {
            object.put("undocumented", true);
            with.add(whole.deepCopy());
            object.remove("undocumented");
        }
        part.forEach(child -> collect(whole, child, with));
    }
}
