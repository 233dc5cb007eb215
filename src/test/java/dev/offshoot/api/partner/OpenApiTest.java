package dev.offshoot.api.partner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.offshoot.testing.ApiDocument;
import dev.offshoot.testing.ApiDocument.Call;
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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the OpenAPI document and the service against one another. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class OpenApiTest {
    private static final Call LIST = new Call("GET", "/organisations");
    private static final Call CREATE = new Call("POST", "/organisations");
    private static final Call GET = new Call("GET", "/organisations/{organisation_id}");
    private static final Call UPDATE = new Call("PATCH", "/organisations/{organisation_id}");
    private static final Call DELETE = new Call("DELETE", "/organisations/{organisation_id}");
    private static final Call USAGE = new Call("GET", "/organisations/{organisation_id}/usage");
    private static final Call OWN_USAGE = new Call("GET", "/usage");
    private static final Call REPORT = new Call("POST", "/usage-records");

    /** What calls answer beside the statuses that follow from their form. */
    private static final Map<Call, Set<Integer>> FURTHER = Map.of(
            CREATE, Set.of(409), GET, Set.of(404), UPDATE, Set.of(404, 409), DELETE, Set.of(404), USAGE, Set.of(404));

    private static final Map<Integer, Set<String>> CODES = Map.of(
            400, Set.of("validation_failed"),
            401, Set.of("unauthorised"),
            404, Set.of("organisation_not_found"),
            406, Set.of("not_acceptable"),
            413, Set.of("payload_too_large"),
            415, Set.of("unsupported_media_type"),
            429, Set.of("rate_limited"),
            500, Set.of("internal_error"),
            503, Set.of("unavailable"));

    private static final String NOBODY = "0123456789abcdef01234567";
    private static final String MONTH = "?usage_month=2026-04";

    private final ApiDocument document = ApiDocument.served("/q/openapi");
    private final PartnerClient partner =
            PartnerClient.with(PartnerClient.root().createPartner("Partner").partnerKey());

    /** An answer of a call. */
    private record Told(Call call, Answer answer) {
        @Override
        public String toString() {
            return call + " " + answer.status() + " " + answer.body();
        }
    }

    @Test
    void documentHasTheCallsThatThereAre() {
        var calls = PartnerRoutes.ALL.all().stream()
                .map(route -> new Call(route.method(), "/" + String.join("/", route.template())))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(document.calls()).isEqualTo(calls);
    }

    @Test
    void everyCallDeclaresItsStatuses() {
        assertThat(document.calls())
                .allSatisfy(call ->
                        assertThat(document.statuses(call)).as("%s", call).isEqualTo(statuses(call)));
    }

    @Test
    void everyStatusDeclaresItsCodes() {
        assertThat(document.calls()).allSatisfy(call -> {
            var expected = new TreeMap<Integer, Set<String>>();
            document.statuses(call).stream()
                    .filter(status -> status >= 400)
                    .forEach(status -> expected.put(status, status == 409 ? conflicts(call) : CODES.get(status)));
            assertThat(document.codes(call)).as("%s", call).isEqualTo(expected);
        });
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
            assertThat(success.answer().status()).as("%s", success).isEqualTo(200);
            assertDocumented(success);
        });
    }

    @Test
    void errorsAreAsDocumented() {
        var told = errors();

        assertThat(told).allSatisfy(error -> {
            assertThat(error.answer().status()).as("%s", error).isNotEqualTo(200);
            assertDocumented(error);
        });
        assertThat(told.stream().map(error -> error.answer().status()).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(400, 401, 404, 406, 409, 413, 415);
    }

    @Test
    void unknownPathAndMethodAreAnsweredAsDocumented() {
        var path = partner.send("GET", "/organisation");
        var method = partner.send("DELETE", "/organisations");

        assertThat(path.status()).isEqualTo(404);
        assertThat(document.faults("UnknownPath", path.json())).isEmpty();
        assertThat(method.status()).isEqualTo(405);
        assertThat(document.faults("MethodNotAllowed", method.json())).isEmpty();
        assertThat(method.header("Allow")).isEqualTo("GET, HEAD, POST");
    }

    @Test
    void fieldThatIsNotDocumentedIsNoticedWhereverItStands() {
        assertThat(successes())
                .allSatisfy(success -> withOneMoreField(success.answer().json())
                        .forEach(with -> assertThat(document.faults(success.call(), 200, with))
                                .as("%s", with)
                                .isNotEmpty()));
    }

    @Test
    void acceptedBodiesAreThoseThatAreDocumented() {
        assertThat(document.bodyFaults(CREATE, "{\"organisation_name\":\"A\",\"country\":\"GB\"}"))
                .isNotEmpty();
        assertThat(document.bodyFaults(UPDATE, "{\"country\":\"GB\"}")).isNotEmpty();
        assertThat(document.bodyFaults(UPDATE, "{}")).isNotEmpty();
        assertThat(document.bodyFaults(REPORT, record("\"api_requests\":-1"))).isNotEmpty();
        assertThat(document.bodyFaults(REPORT, record("\"api_requests\":null"))).isNotEmpty();
        assertThat(document.bodyFaults(REPORT, record("\"api_requests\":-1,\"reason\":\"Twice\"")))
                .isEmpty();
        assertThat(document.bodyFaults(REPORT, record("\"storage_bytes\":0,\"reason\":null")))
                .isEmpty();
    }

    @Test
    void swaggerUiShowsTheDocument() {
        var page = Http.send(Http.request("GET", "/q/swagger-ui/").build());

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("/q/openapi");
    }

    private Set<Integer> statuses(Call call) {
        var statuses = new TreeSet<>(Set.of(200, 401, 406, 429, 500, 503));
        if (document.hasQueryParameters(call)) {
            statuses.add(400);
        }
        if (document.hasBody(call)) {
            statuses.addAll(Set.of(400, 413, 415));
        }
        statuses.addAll(FURTHER.getOrDefault(call, Set.of()));
        return statuses;
    }

    private static Set<String> conflicts(Call call) {
        return call.equals(CREATE)
                ? Set.of("partner_external_id_taken", "depth_exceeded")
                : Set.of("partner_external_id_taken");
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

    private List<Told> successes() {
        var told = new ArrayList<Told>();
        told.add(new Told(LIST, partner.send("GET", "/organisations")));
        var body = PartnerClient.body("Customer");
        body.put("partner_external_id", "customer-12345");
        var created = new Told(CREATE, partner.send("POST", "/organisations", body));
        var id = id(created.answer());
        var aPartner = new Told(CREATE, partner.send("POST", "/organisations", partnerBody()));
        told.add(created);
        told.add(aPartner);
        told.add(new Told(LIST, partner.send("GET", "/organisations?limit=1&scope=subtree")));
        told.add(new Told(GET, partner.send("GET", "/organisations/" + id)));
        told.add(new Told(UPDATE, partner.sendText("PATCH", "/organisations/" + id, "{\"partner_external_id\":null}")));
        var report = record(id, "\"api_requests\":7,\"storage_bytes\":2000");
        told.add(new Told(REPORT, partner.sendText("POST", "/usage-records", report)));
        told.add(new Told(REPORT, partner.sendText("POST", "/usage-records", report)));
        told.add(new Told(REPORT, partner.sendText("POST", "/usage-records", record(id, "\"api_requests\":8"))));
        told.add(new Told(REPORT, partner.sendText("POST", "/usage-records", record("\"api_requests\":8"))));
        told.add(new Told(USAGE, partner.send("GET", "/organisations/" + id + "/usage" + MONTH)));
        told.add(new Told(OWN_USAGE, partner.send("GET", "/usage" + MONTH)));
        for (var breakdown : List.of("daily", "children")) {
            var query = MONTH + "&scope=subtree&breakdown=" + breakdown;
            told.add(new Told(USAGE, partner.send("GET", "/organisations/" + id + "/usage" + query)));
            told.add(new Told(OWN_USAGE, partner.send("GET", "/usage" + query)));
        }
        told.add(new Told(DELETE, partner.send("DELETE", "/organisations/" + id)));
        told.add(new Told(GET, partner.send("GET", "/organisations/" + id + "?include_deleted=true")));
        told.add(new Told(LIST, partner.send("GET", "/organisations?include_deleted=true")));
        return told;
    }

    private List<Told> errors() {
        var told = new ArrayList<Told>();
        document.calls().forEach(call -> told.addAll(errors(call)));
        told.add(new Told(LIST, partner.send("GET", "/organisations?limit=0&skip=&after=x&scope=all&scope=all")));
        told.add(new Told(GET, partner.send("GET", "/organisations/" + NOBODY + "?include_deleted=1")));
        told.add(new Told(USAGE, partner.send("GET", "/organisations/" + NOBODY + "/usage?usage_month=2026-13")));
        told.add(new Told(OWN_USAGE, partner.send("GET", "/usage")));
        told.add(new Told(OWN_USAGE, partner.send("GET", "/usage" + MONTH + "&scope=children&breakdown=self")));
        told.add(new Told(GET, partner.send("GET", "/organisations/" + NOBODY)));
        told.add(new Told(GET, partner.send("GET", "/organisations/malformed")));
        told.add(new Told(
                UPDATE, partner.send("PATCH", "/organisations/" + NOBODY, Map.of("organisation_name", "New"))));
        told.add(new Told(DELETE, partner.send("DELETE", "/organisations/" + NOBODY)));
        told.add(new Told(USAGE, partner.send("GET", "/organisations/" + NOBODY + "/usage" + MONTH)));
        told.add(new Told(UPDATE, partner.send("PATCH", "/organisations/" + NOBODY, Map.of("country", "GB"))));
        told.add(new Told(REPORT, partner.sendText("POST", "/usage-records", record("\"api_requests\":-1"))));
        told.addAll(conflicts());
        return told;
    }

    /** What every call refuses alike. */
    private List<Told> errors(Call call) {
        var path = call.path().replace("{organisation_id}", NOBODY);
        var told = new ArrayList<Told>();
        told.add(new Told(call, PartnerClient.with(null).send(call.method(), path)));
        told.add(new Told(call, accepting(call, path, "text/html")));
        if (document.hasBody(call)) {
            told.add(new Told(call, partner.sendText(call.method(), path, "{\"unknown\":1,\"country\":4")));
            told.add(new Told(call, partner.sendText(call.method(), path, "{\"unknown\":1}")));
            told.add(new Told(call, partner.sendText(call.method(), path, " ".repeat(1024 * 1024 + 1))));
            told.add(new Told(call, typed(call, path, "text/plain")));
        }
        return told;
    }

    private List<Told> conflicts() {
        var body = PartnerClient.body("Customer");
        body.put("partner_external_id", "taken");
        partner.create(body);
        var other = partner.create("Other").id();
        return List.of(
                new Told(CREATE, partner.send("POST", "/organisations", body)),
                new Told(
                        UPDATE,
                        partner.send("PATCH", "/organisations/" + other, Map.of("partner_external_id", "taken"))));
    }

    private Answer accepting(Call call, String path, String type) {
        var request = partner.keyed(call.method(), path).header("Accept", type);
        if (document.hasBody(call)) {
            request.header("Content-Type", "application/json").method(call.method(), BodyPublishers.ofString("{}"));
        }
        return Http.send(request.build());
    }

    private Answer typed(Call call, String path, String type) {
        return Http.send(partner.keyed(call.method(), path)
                .header("Content-Type", type)
                .method(call.method(), BodyPublishers.ofString("{}"))
                .build());
    }

    private static Map<String, Object> partnerBody() {
        var body = PartnerClient.body("Partner");
        body.put("is_partner", true);
        return body;
    }

    private static String record(String figures) {
        return record(NOBODY, figures);
    }

    private static String record(String organisation, String figures) {
        return "{\"records\":[{\"id\":\"1\",\"organisation_id\":\"" + organisation + "\",\"day\":\"2026-04-01\","
                + figures + "}]}";
    }

    private static String id(Answer created) {
        return created.json()
                .get("data")
                .get("organisation")
                .get("organisation_id")
                .textValue();
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
