package dev.offshoot.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.offshoot.api.http.Route;
import dev.offshoot.api.http.Routes;
import dev.offshoot.testing.ApiDocument.Call;
import dev.offshoot.testing.Http.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Holds an OpenAPI document and the service against one another. A test for each API says what is its own: its calls
 * with their statuses and codes, and requests that bring about its answers.
 */
public abstract class OpenApiChecks {
    private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");

    /** One byte more than any API takes. */
    private static final String TOO_LONG = " ".repeat(1024 * 1024 + 1);

    /** What no request of a test brings about. */
    private static final Set<Integer> RARE = Set.of(408, 500, 503);

    /** What a refusal over the rate limit tells of it. */
    private static final List<String> OF_RATE_LIMIT = List.of("Retry-After", "RateLimit-Policy", "RateLimit");

    /**
     * What is one API's own.
     *
     * @param document where its document is served
     * @param title what the document and the page that shows it call the API
     * @param credential the one security scheme
     * @param collection the path of its organisations, which can be listed and created but neither put nor deleted
     * @param forbids whether a key that may not make a call is answered 403, not 401
     * @param codes the error codes of each status, where they do not depend on the call
     * @param further what calls answer beside the statuses that follow from their form, with the error codes
     * @param nobodys what each path parameter is when it names what is not there
     */
    public record Api(
            String document,
            String title,
            String credential,
            String collection,
            Routes routes,
            boolean forbids,
            Map<Integer, Set<String>> codes,
            Map<Call, Map<Integer, Set<String>>> further,
            Map<String, String> nobodys) {}

    /** An answer of a call, and the status it has to have. */
    public record ErrorSpec(int expected, Call call, Answer answer) {
        @Override
        public String toString() {
            return call + " " + answer.status() + " " + answer.body();
        }
    }

    protected final ApiDocument document;
    protected final PartnerClient partner = PartnerClient.newPartner();

    private final Api api;
    private @Nullable String overLimit;

    protected OpenApiChecks(Api api) {
        this.api = api;
        document = ApiDocument.served(api.document());
    }

    /** The API's client with that key; null sends none. */
    protected abstract ApiClient client(@Nullable String key);

    /** The status of the call when all went well. */
    protected abstract int success(Call call);

    /** A good body of a call that takes one. */
    protected abstract String body(Call call);

    /** Answers that tell of success: of every call one at least, and together every field. */
    protected abstract List<ErrorSpec> successes();

    /** Errors beside those that every call answers alike. */
    protected abstract List<ErrorSpec> errors();

    /** The query without which the call is a bad one: none, for most. */
    protected String query(Call call) {
        return "";
    }

    /** Whether what the path names may be missing: of most calls that name something. */
    protected boolean mayMiss(Call call) {
        return call.path().contains("{");
    }

    /** What the call's path names an organisation of the partner's by: its id, for most. */
    protected String inPath(Call call, String organisation) {
        return organisation;
    }

    /** The error codes that the call declares for that status. */
    protected Set<String> codes(Call call, int status) {
        var own = api.further().getOrDefault(call, Map.of()).get(status);
        return own != null ? own : Objects.requireNonNull(api.codes().get(status), () -> call + " " + status);
    }

    /** What is further to be seen in an answer that tells of success. */
    protected void assertSuccess(Answer answer) {}

    /** What is further to be seen in an error. */
    protected void assertError(Answer answer) {}

    @Test
    void documentIsThisApisAlone() {
        assertThat(document.json().get("info").get("title").textValue()).isEqualTo("Offshoot " + api.title());
        assertThat(document.json().get("openapi").textValue()).startsWith("3.1");
        assertThat(document.json().get("components").get("securitySchemes").fieldNames())
                .toIterable()
                .containsExactly(api.credential());
        assertThat(document.json().get("security").findValues(api.credential())).hasSize(1);
    }

    @Test
    void documentHasTheCallsThatThereAre() {
        assertThat(document.calls())
                .isEqualTo(api.routes().all().stream()
                        .map(OpenApiChecks::call)
                        .collect(Collectors.toCollection(TreeSet::new)));
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
            statuses(call).stream()
                    .filter(status -> status >= 400)
                    .forEach(status -> expected.put(status, codes(call, status)));
            assertThat(document.codes(call)).as("%s", call).isEqualTo(expected);
        });
    }

    @Test
    void everyExampleIsValid() {
        assertThat(document.examples()).hasSizeGreaterThan(40).allSatisfy(example -> assertThat(
                        document.violations(example.schema(), example.value()))
                .as("%s %s", example.place(), example.value())
                .isEmpty());
    }

    @Test
    void successfulAnswersAreAsDocumented() {
        var spec = successes();

        assertThat(spec.stream().map(ErrorSpec::call)).containsAll(document.calls());
        assertThat(spec).allSatisfy(success -> {
            assertThat(success.expected()).as("%s", success).isEqualTo(success(success.call()));
            assertDocumented(success);
            assertSuccess(success.answer());
        });
    }

    @Test
    void fieldThatIsNotDocumentedIsNoticedWhereverItStands() {
        assertThat(successes())
                .filteredOn(spec -> spec.answer().status() != 204)
                .allSatisfy(success -> withOneMoreField(success.answer().json())
                        .forEach(with -> assertThat(document.violations(success.call(), success.expected(), with))
                                .as("%s", with)
                                .isNotEmpty()));
    }

    @Test
    void errorsAreAsDocumented() {
        var spec = Stream.concat(document.calls().stream().flatMap(this::refusedAlike), errors().stream())
                .toList();

        assertThat(spec).allSatisfy(error -> {
            assertThat(error.expected()).as("%s", error).isGreaterThanOrEqualTo(400);
            assertDocumented(error);
            assertError(error.answer());
        });
        assertThat(spec.stream().map(ErrorSpec::expected).collect(Collectors.toSet()))
                .isEqualTo(document.calls().stream()
                        .flatMap(call -> document.statuses(call).stream())
                        .filter(status -> status >= 400 && !RARE.contains(status))
                        .collect(Collectors.toSet()));
    }

    @Test
    void whatTheClientHasIsNotSentAgainAsDocumented() {
        var reads = document.calls().stream()
                .filter(call -> document.statuses(call).contains(304))
                .toList();

        assertThat(reads).isNotEmpty().allSatisfy(call -> {
            var whole = conditional(200, call, "If-None-Match", "\"another\"");
            assertDocumented(whole);
            var again = conditional(304, call, "If-None-Match", "*");
            assertDocumented(again);
            for (var spec : List.of(whole, again)) {
                var tag = spec.answer().header("ETag");
                assertThat(document.headerViolations(call, spec.expected(), "ETag", tag))
                        .as("%s", spec)
                        .isEmpty();
            }
        });
    }

    @Test
    void unknownPathAndMethodAreAnsweredAsDocumented() {
        var client = client(partner.key());
        var path = client.send("GET", api.collection() + "/x/unknown");
        assertThat(path.status()).isEqualTo(404);
        assertThat(document.violations("UnknownPath", path.json())).isEmpty();

        for (var method : List.of("PUT", "DELETE")) {
            var answer = client.send(method, api.collection());
            assertThat(answer.status()).isEqualTo(405);
            assertThat(document.violations("MethodNotAllowed", answer.json())).isEmpty();
            assertThat(answer.header("Allow")).isEqualTo("GET, HEAD, POST");
        }
    }

    /** The partner's answer to that call; the ids are the path's parameters in their order. */
    protected ErrorSpec calling(int expected, Call call, String... ids) {
        return asking(expected, call, "", ids);
    }

    /** @param query begins with a question mark */
    protected ErrorSpec asking(int expected, Call call, String query, String... ids) {
        var client = client(partner.key());
        return new ErrorSpec(expected, call, client.send(call.method(), path(client, call, ids) + query));
    }

    protected ErrorSpec sending(int expected, Call call, String body, String... ids) {
        var client = client(partner.key());
        return new ErrorSpec(expected, call, client.sendText(call.method(), path(client, call, ids), body));
    }

    /** As {@link #asking}, about what is not there, with a body if the call takes one. */
    protected ErrorSpec askingAboutNobody(int expected, Call call, String query) {
        var client = client(partner.key());
        var body = document.hasBody(call) ? body(call) : null;
        return new ErrorSpec(expected, call, client.call(call.method(), nobodys(client, call) + query, body, Map.of()));
    }

    /** The answer about a new organisation with a plan, with one more header. */
    private ErrorSpec conditional(int expected, Call call, String header, String value) {
        var organisation = partner.create("A").id();
        MonoidClient.of(partner).putPlan(organisation, Map.of("status", "active"));
        var client = client(partner.key());
        var body = document.hasBody(call) ? body(call) : null;
        var path = path(client, call, inPath(call, organisation));
        return new ErrorSpec(expected, call, client.call(call.method(), path, body, Map.of(header, value)));
    }

    /** What every call refuses alike. */
    private Stream<ErrorSpec> refusedAlike(Call call) {
        var body = document.hasBody(call) ? body(call) : null;
        var client = client(partner.key());
        var spec = new ArrayList<ErrorSpec>();
        spec.add(refused(429, client(overLimit()), call, body, Map.of()));
        spec.add(refused(401, client(null), call, body, Map.of()));
        spec.add(refused(api.forbids() ? 403 : 401, client(keyForElsewhere()), call, body, Map.of()));
        spec.add(refused(406, client, call, body, Map.of("Accept", "text/html")));
        if (mayMiss(call)) {
            spec.add(refused(404, client, call, body, Map.of()));
        }
        if (document.statuses(call).contains(412)) {
            spec.add(conditional(400, call, "If-Match", "malformed"));
            spec.add(conditional(412, call, "If-Match", "\"another\""));
        }
        if (body != null) {
            spec.add(refused(400, client, call, "{", Map.of()));
            spec.add(refused(400, client, call, "{\"name\":1,\"desc\":1,\"country\":4,\"unknown\":1}", Map.of()));
            spec.add(refused(413, client, call, TOO_LONG, Map.of()));
            spec.add(refused(415, client, call, body, Map.of("Content-Type", "text/plain")));
        }
        return spec.stream();
    }

    private ErrorSpec refused(
            int expected, ApiClient client, Call call, @Nullable String body, Map<String, String> headers) {
        var target = nobodys(client, call) + query(call);
        return new ErrorSpec(expected, call, client.call(call.method(), target, body, headers));
    }

    private String nobodys(ApiClient client, Call call) {
        return PARAMETER
                .matcher(call.path().substring(client.prefix().length()))
                .replaceAll(
                        parameter -> Objects.requireNonNull(api.nobodys().get(parameter.group(1)), parameter.group()));
    }

    /** A key that has used up its rate limit. */
    private String overLimit() {
        var root = PartnerClient.root();
        if (overLimit == null) {
            var limited = root.createPartner("Limited");
            root.setLimits(limited.id(), 1, 1);
            overLimit = limited.partnerKey();
            PartnerClient.with(overLimit).list("");
        }
        return overLimit;
    }

    /** A key of the partner's that may be used from another address only. */
    private String keyForElsewhere() {
        var client = CloudManagerClient.of(partner);
        var own = client.orgs("").results().get(0).id();
        var key = client.mint(own, "Elsewhere", "ORG_OWNER");
        client.allow(own, key.id(), "192.0.2.1");
        return key.privateKey();
    }

    private Set<Integer> statuses(Call call) {
        var statuses = new TreeSet<>(Set.of(success(call), 400, 401, 406, 429, 500, 503));
        if (api.forbids()) {
            statuses.add(403);
        }
        if (document.hasBody(call)) {
            statuses.addAll(Set.of(408, 413, 415));
        }
        if (mayMiss(call)) {
            statuses.add(404);
        }
        statuses.addAll(api.further().getOrDefault(call, Map.of()).keySet());
        return statuses;
    }

    private void assertDocumented(ErrorSpec spec) {
        var answer = spec.answer();
        assertThat(answer.status()).as("%s", spec).isEqualTo(spec.expected());
        assertThat(answer.header("X-Request-Id")).matches("[A-Za-z0-9._-]{1,128}");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        if (answer.status() == 429) {
            assertThat(OF_RATE_LIMIT).allSatisfy(name -> assertThat(
                            document.headerViolations(spec.call(), 429, name, answer.header(name)))
                    .as("%s", spec)
                    .isEmpty());
        }
        if (answer.status() == 204 || answer.status() == 304) {
            assertThat(answer.body()).isEmpty();
        } else {
            assertThat(document.violations(spec.call(), answer.status(), answer.json()))
                    .as("%s", spec)
                    .isEmpty();
            assertThat(answer.header("Content-Type")).startsWith("application/json");
        }
    }

    private static String path(ApiClient client, Call call, String... ids) {
        var path = call.path().substring(client.prefix().length());
        for (var id : ids) {
            path = PARAMETER.matcher(path).replaceFirst(Matcher.quoteReplacement(id));
        }
        assertThat(path).doesNotContain("{");
        return path;
    }

    private static Call call(Route route) {
        return new Call(route.method(), "/" + String.join("/", route.template()));
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
