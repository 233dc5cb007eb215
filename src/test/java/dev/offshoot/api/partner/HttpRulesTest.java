package dev.offshoot.api.partner;

import static dev.offshoot.testing.PartnerClient.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every call: paths, methods, headers, and which of several failures is reported. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class HttpRulesTest {
    private static final String UNKNOWN_ID = "0123456789abcdef01234567";
    private static final int LIMIT = 64 * 1024;

    private final PartnerClient partner = PartnerClient.newPartner();
    private final PartnerClient nobody = PartnerClient.with(null);

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "A-b_c.9", "..", "-"})
    void wellFormedRequestIdIsEchoed(String id) {
        assertThat(offering(id).header("X-Request-Id")).isEqualTo(id);
        assertThat(error(offering(nobody, id), 401).requestId()).isEqualTo(id);
    }

    @Test
    void requestIdOf128CharactersIsEchoedAndALongerOneReplaced() {
        assertThat(offering("x".repeat(128)).header("X-Request-Id")).isEqualTo("x".repeat(128));
        assertThat(offering("x".repeat(129)).header("X-Request-Id")).matches("[A-Za-z0-9._-]{1,128}");
        assertThat(offering("x".repeat(129)).header("X-Request-Id")).isNotEqualTo("x".repeat(129));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,b", "a/b", "a:b", "é", "<b>", "\"a\"", "a\tb"})
    void malformedRequestIdIsReplaced(String id) {
        assertThat(offering(id).header("X-Request-Id")).isNotEqualTo(id).matches("[A-Za-z0-9._-]{1,128}");
    }

    /** Who mixes up the headers sends a key, and ids are logged. */
    @Test
    void keyIsNoRequestId() {
        assertThat(offering(partner.key()).header("X-Request-Id")).doesNotContain("osk_");
        assertThat(offering("x-" + partner.key()).header("X-Request-Id")).doesNotContain("osk_");
    }

    @Test
    void everyAnswerHasOneRequestIdOfItsOwnAndIsNotStored() {
        var id = partner.create("A").id();
        var answers = List.of(
                partner.send("GET", "/organisations"),
                partner.send("GET", "/organisations/" + id),
                partner.send("HEAD", "/organisations/" + id),
                partner.send("GET", "/organisations/" + UNKNOWN_ID),
                partner.send("GET", "/organisations?limit=0"),
                partner.send("GET", "/unknown"),
                partner.send("PUT", "/organisations"),
                partner.send("OPTIONS", "/organisations"),
                partner.sendText("POST", "/organisations", "{"),
                partner.sendText("POST", "/organisations", " ".repeat(LIMIT + 1)),
                accepting("text/html", "/organisations"),
                nobody.send("GET", "/organisations"),
                partner.send("DELETE", "/organisations/" + id));

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.headers().allValues("X-Request-Id")).hasSize(1);
            assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
        });
        assertThat(answers.stream().map(answer -> answer.header("X-Request-Id")))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/organisations",
                "/organisations?limit=1&scope=subtree",
                "/organisations?limit=0",
                "/organisations/{id}",
                "/organisations/" + UNKNOWN_ID,
                "/organisations/{id}/usage?usage_month=2026-04",
                "/usage?usage_month=2026-04",
                "/unknown"
            })
    void headHasTheHeadersOfGetAndNoBody(String path) {
        partner.create("Another");
        var target = path.replace("{id}", partner.create("A").id());

        for (var client : List.of(partner, nobody)) {
            var head =
                    client.keyed("HEAD", target).header("X-Request-Id", "same").send();
            var get = client.keyed("GET", target).header("X-Request-Id", "same").send();

            assertThat(head.status()).isEqualTo(get.status());
            assertThat(headers(head)).isEqualTo(headers(get));
            assertThat(head.body()).isEmpty();
        }
    }

    @Test
    void trailingSlashesMakeNoDifference() {
        var id = partner.create("A").id();
        var body = PartnerClient.body("B");
        for (var slashes : List.of("/", "//")) {
            var answers = List.of(
                    partner.send("GET", "/organisations" + slashes),
                    partner.send("GET", "/organisations" + slashes + "?limit=1"),
                    partner.send("POST", "/organisations" + slashes, body),
                    partner.send("GET", "/organisations/" + id + slashes),
                    partner.send("HEAD", "/organisations/" + id + slashes),
                    partner.send("PATCH", "/organisations/" + id + slashes, Map.of("organisation_name", "C")),
                    partner.send("GET", "/organisations/" + id + "/usage" + slashes + "?usage_month=2026-04"),
                    partner.send("GET", "/usage" + slashes + "?usage_month=2026-04"));

            assertThat(answers).extracting(Answer::status).containsOnly(200);
        }
        assertThat(partner.send("POST", "/usage-records//", Map.of()).status()).isEqualTo(400);
        assertThat(partner.send("DELETE", "/organisations/" + id + "//").status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/unknown",
                "/organisation",
                "/Organisations",
                "/organisations/" + UNKNOWN_ID + "/unknown",
                "/organisations/" + UNKNOWN_ID + "/usage/x",
                "/organisations//usage",
                "/organisations/by-external-id/a/b",
                "/organisations/by-external-id/.",
                "/organisations/by-external-id/%2E%2e",
                "/organisations/by-external-id/a;b",
                "//organisations",
                "/organisations;x=1",
                "/x/../organisations",
                "/./organisations",
                "/api",
                "/index.html",
                "/favicon.ico",
                "/%00",
                "/%2Forganisations"
            })
    void unknownPathIsNotFoundInThisApisShape(String path) {
        for (var method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE")) {
            assertThat(error(partner.send(method, path), 404).code()).isEqualTo("not_found");
            assertThat(error(nobody.send(method, path), 401).code()).isEqualTo("unauthorised");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /organisations                                | GET, HEAD, POST
            /organisations/                               | GET, HEAD, POST
            /organisations/0123456789abcdef01234567       | DELETE, GET, HEAD, PATCH
            /organisations/malformed                      | DELETE, GET, HEAD, PATCH
            /organisations/0123456789abcdef01234567/usage | GET, HEAD
            /organisations/by-external-id                 | DELETE, GET, HEAD, PATCH
            /organisations/by-external-id/                | DELETE, GET, HEAD, PATCH
            /organisations/by-external-id/x               | GET, HEAD, PUT
            /organisations/by-external-id/usage           | GET, HEAD, PUT
            /organisations/by-external-id/limits          | GET, HEAD, PUT
            /organisations/by-external-id/api-keys        | GET, HEAD, PUT
            /usage                                        | GET, HEAD
            /usage-records                                | POST
            """)
    void methodThatAPathDoesNotHaveIsAnsweredWithThoseItHas(String path, String allowed) {
        for (var method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE")) {
            if (!Arrays.asList(allowed.split(", ")).contains(method)) {
                var answer = partner.send(method, path);

                assertThat(error(answer, 405).code()).isEqualTo("method_not_allowed");
                assertThat(answer.headers().allValues("Allow")).containsExactly(allowed);
                assertThat(nobody.send(method, path).status()).isEqualTo(401);
            }
        }
    }

    @Test
    void optionsIsNoWayAroundTheKeyAndGrantsNothingToOtherOrigins() {
        var preflight = nobody.keyed("OPTIONS", "/organisations")
                .header("Origin", "https://elsewhere.example")
                .header("Access-Control-Request-Method", "POST")
                .send();
        var allowed = partner.keyed("GET", "/organisations")
                .header("Origin", "https://elsewhere.example")
                .send();

        assertThat(error(preflight, 401).code()).isEqualTo("unauthorised");
        assertThat(allowed.status()).isEqualTo(200);
        assertThat(allowed.headers().map()).doesNotContainKey("access-control-allow-origin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/*",
                "*/*",
                "text/html, */*;q=0.1",
                "application/json;q=0.5, text/html",
                "application/json; charset=utf-8"
            })
    void clientThatTakesJsonGetsJson(String accept) {
        var answer = accepting(accept, "/organisations");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/xml", "text/*", "image/png, text/plain"})
    void clientThatTakesNoJsonGetsAnErrorInJson(String accept) {
        var answer = accepting(accept, "/organisations");

        assertThat(error(answer, 406).code()).isEqualTo("not_acceptable");
        assertThat(answer.header("Content-Type")).startsWith("application/json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "/", "application/", ";", ",", "application/json;q=x"})
    void malformedAcceptIsNoFaultOfTheService(String accept) {
        var answer = accepting(accept, "/organisations");

        assertThat(answer.status()).isIn(200, 400, 406);
        if (answer.status() != 200) {
            error(answer, answer.status());
        }
    }

    @Test
    void successIsJsonInUtf8() {
        var answer = partner.send("GET", "/organisations");

        assertThat(answer.header("Content-Type").toLowerCase(Locale.ROOT).replace(" ", ""))
                .isIn("application/json", "application/json;charset=utf-8");
    }

    /** In each row the first failure is the one that is reported; the request has the following ones too. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            key     | method | path                                        | type       | accept    | body      | status | code
            none    | PATCH  | /unknown                                    | text/plain | text/html | malformed | 401    | unauthorised
            none    | PUT    | /organisations                              | text/plain | text/html | too long  | 401    | unauthorised
            none    | PATCH  | /organisations/malformed                    | text/plain | text/html | too long  | 401    | unauthorised
            partner | PATCH  | /unknown?limit=0                            | text/plain | text/html | too long  | 404    | not_found
            partner | PUT    | /organisations?limit=0                      | text/plain | text/html | too long  | 405    | method_not_allowed
            partner | PATCH  | /organisations/0123456789abcdef01234567     | text/plain | */*       | too long  | 415    | unsupported_media_type
            partner | PATCH  | /organisations/0123456789abcdef01234567     | text/plain | */*       | malformed | 415    | unsupported_media_type
            partner | POST   | /organisations                              | application/json | text/html | too long  | 406    | not_acceptable
            partner | POST   | /organisations                              | application/json | text/html | malformed | 406    | not_acceptable
            partner | PATCH  | /organisations/0123456789abcdef01234567     | application/json | */* | too long  | 413    | payload_too_large
            partner | PATCH  | /organisations/0123456789abcdef01234567     | application/json | */* | malformed | 400    | validation_failed
            partner | PATCH  | /organisations/malformed                    | application/json | */* | invalid   | 400    | validation_failed
            partner | PATCH  | /organisations/malformed                    | application/json | */* | valid     | 404    | organisation_not_found
            """)
    void firstFailureInTheOrderOfChecksIsReported(
            String key, String method, String path, String type, String accept, String body, int status, String code) {
        var content =
                switch (body) {
                    case "malformed" -> "{";
                    case "invalid" -> "{\"organisation_name\":1}";
                    case "too long" -> " ".repeat(LIMIT + 1);
                    default -> "{\"organisation_name\":\"A\"}";
                };
        var client = key.equals("none") ? nobody : partner;

        var answer = client.keyed(method, path)
                .header("Content-Type", type)
                .header("Accept", accept)
                .body(content)
                .send();

        assertThat(error(answer, status).code()).isEqualTo(code);
    }

    @Test
    void badQueryIsReportedBeforeTheLookUp() {
        var answers = List.of(
                partner.send("GET", "/organisations/" + UNKNOWN_ID + "?include_deleted=x"),
                partner.send("GET", "/organisations/malformed/usage?usage_month=x"));

        assertThat(answers).allSatisfy(answer -> error(answer, 400));
    }

    @Test
    void moreThanOneKeyIsNone() {
        var answer = partner.keyed("GET", "/organisations")
                .header("x-api-key", "another")
                .send();

        assertThat(error(answer, 401).code()).isEqualTo("unauthorised");
    }

    private Answer offering(String requestId) {
        return offering(partner, requestId);
    }

    private static Answer offering(PartnerClient client, String requestId) {
        return client.keyed("GET", "/organisations")
                .header("X-Request-Id", requestId)
                .send();
    }

    private Answer accepting(String accept, String path) {
        return partner.keyed("GET", path).header("Accept", accept).send();
    }

    private static Map<String, List<String>> headers(Answer answer) {
        var headers = new TreeMap<>(answer.headers().map());
        headers.remove("date");
        return headers;
    }
}
