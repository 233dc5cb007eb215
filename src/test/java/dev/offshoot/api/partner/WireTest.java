package dev.offshoot.api.partner;

import static dev.offshoot.testing.PartnerClient.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.Metrics;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an HTTP client library would not send, and what becomes of the connection. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class WireTest {
    private static final int LIMIT = 64 * 1024;

    private final PartnerClient partner = PartnerClient.newPartner();
    private final String key = "x-api-key: " + partner.key();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: a b",
                "Host: a/b",
                "Host: exa mple:80",
                "Host: localhost:port",
                "Host: localhost:99999",
                "Host: [::1",
                "Host: <script>",
                "Host: a@b",
                "Host: é",
                "Host: localhost:-1"
            })
    void malformedHostIsABadRequestInThisApisShape(String host) throws IOException {
        for (var credential : List.of(key, "x-none: 1")) {
            try (var wire = Wire.open()) {
                var answer = wire.head("GET /organisations HTTP/1.1", host, credential)
                        .read();

                assertThat(error(answer, 400).code()).isEqualTo("validation_failed");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host: localhost", "Host: 127.0.0.1:8080", "Host: [::1]:8080", "host: EXAMPLE.com"})
    void anyWellFormedHostIsGoodEnough(String host) throws IOException {
        try (var wire = Wire.open()) {
            assertThat(wire.head("GET /organisations HTTP/1.1", host, key)
                            .read()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void refusedRequestsLeaveTheConnectionUsable() throws IOException {
        var body = " ".repeat(LIMIT + 1);
        try (var wire = Wire.open()) {
            var errors = List.of(
                    post(wire, "x-none: 1", "application/json", body),
                    post(wire, key, "text/plain", body),
                    post(wire, key, "application/json", body),
                    post(wire, key, "application/json", "{"),
                    wire.head("GET /organisations HTTP/1.1", "Host: a").read());

            var answer =
                    wire.head("GET /organisations HTTP/1.1", "Host: a", key).read();

            assertThat(errors).extracting(Answer::status).containsExactly(401, 415, 413, 400, 401);
            assertThat(answer.status()).isEqualTo(200);
        }
    }

    @Test
    void refusedChunkedRequestsLeaveTheConnectionUsable() throws IOException {
        try (var wire = Wire.open()) {
            var errors = List.of(
                    postChunked(wire, "x-none: 1", "application/json"),
                    postChunked(wire, key, "text/plain"),
                    postChunked(wire, key, "application/json"));

            var answer =
                    wire.head("GET /organisations HTTP/1.1", "Host: a", key).read();

            assertThat(errors).extracting(Answer::status).containsExactly(401, 415, 413);
            assertThat(answer.status()).isEqualTo(200);
        }
    }

    @Test
    void bodyThatWillBeReadIsAskedForWhenTheClientWaits() throws IOException {
        var body = Http.ascii(PartnerClient.body("A"));
        try (var wire = Wire.open()) {
            wire.head(
                    "POST /organisations HTTP/1.1",
                    "Host: a",
                    key,
                    "Content-Type: application/json",
                    "Expect: 100-continue",
                    "Content-Length: " + body.length());

            assertThat(wire.read().status()).isEqualTo(100);
            assertThat(wire.text(body).read().status()).isEqualTo(200);
        }
    }

    @Test
    void bodyThatWillBeRefusedIsNotAskedForWhenTheClientWaits() throws IOException {
        assertThat(waiting("x-none: 1", "/organisations", "application/json", 10)
                        .status())
                .isEqualTo(401);
        assertThat(waiting(key, "/unknown", "application/json", 10).status()).isEqualTo(404);
        assertThat(waiting(key, "/organisations", "text/plain", 10).status()).isEqualTo(415);
        assertThat(waiting(key, "/organisations", "application/json", LIMIT + 1).status())
                .isEqualTo(413);
        for (var credential : List.of(key, "x-none: 1")) {
            assertThat(waiting(credential, "/organisations", "application/json", Long.MAX_VALUE)
                            .status())
                    .isEqualTo(credential.equals(key) ? 413 : 401);
        }
        await().until(() -> Metrics.scrape().value("offshoot_http_requests_in_flight") == 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OPTIONS * HTTP/1.1",
                "GET * HTTP/1.1",
                "GET organisations HTTP/1.1",
                "GET ?limit=1 HTTP/1.1",
                "CONNECT localhost:80 HTTP/1.1"
            })
    void targetThatIsNoPathIsABadRequestInThisApisShape(String request) throws IOException {
        for (var credential : List.of(key, "x-none: 1")) {
            try (var wire = Wire.open()) {
                var answer = wire.head(request, "Host: a", credential).read();

                assertThat(error(answer, 400).violation()).containsOnlyKeys("target");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            TRACE /organisations HTTP/1.1                            | 405 | method_not_allowed
            GET /organisations/%ff%fe HTTP/1.1                       | 404 | organisation_not_found
            GET /organisations/%00 HTTP/1.1                          | 404 | organisation_not_found
            GET /organisations/%7B%22%24ne%22%3Anull%7D HTTP/1.1     | 404 | organisation_not_found
            GET /organisations/..%2f..%2fusage HTTP/1.1              | 404 | organisation_not_found
            GET /organisations/%2e%2e/usage-records HTTP/1.1         | 404 | not_found
            GET http://elsewhere.example/organisations?skip HTTP/1.1 | 400 | validation_failed
            """)
    void oddTargetsGetTheAnswerOfOrdinaryOnes(String request, int status, String code) throws IOException {
        try (var wire = Wire.open()) {
            var unknown = wire.head(request, "Host: a", "x-none: 1").read();
            var known = wire.head(request, "Host: a", key).read();

            assertThat(error(unknown, 401).code()).isEqualTo("unauthorised");
            assertThat(error(known, status).code()).isEqualTo(code);
        }
    }

    @Test
    void operatorInAParametersNameMakesAnotherParameterOfIt() throws IOException {
        try (var wire = Wire.open()) {
            var answer = wire.head("GET /organisations?limit[$gt]=1 HTTP/1.1", "Host: a", key)
                    .read();

            assertThat(answer.status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/organisations?limit=%",
                "/organisations?limit=%zz",
                "/organisations/%zz",
                "/%",
                "/\\..\\organisations",
                "/organisations?{\"$ne\":null}"
            })
    void malformedUriIsRefusedWithoutInnards(String target) throws IOException {
        try (var wire = Wire.open()) {
            var answer =
                    wire.head("GET " + target + " HTTP/1.1", "Host: a", key).read();

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).doesNotContain("Exception", "java", "vertx", "quarkus", "<html");
        }
    }

    @Test
    void tooLongTargetIsRefusedWithoutInnards() throws IOException {
        try (var wire = Wire.open()) {
            var answer = wire.head("GET /organisations?limit=" + "1".repeat(10_000) + " HTTP/1.1", "Host: a", key)
                    .read();

            assertThat(answer.status()).isIn(400, 414);
            assertThat(answer.body()).doesNotContain("Exception", "java", "vertx", "quarkus", "<html");
        }
    }

    private static Answer post(Wire wire, String credential, String type, String body) throws IOException {
        return wire.head(
                        "POST /organisations HTTP/1.1",
                        "Host: a",
                        credential,
                        "Content-Type: " + type,
                        "Content-Length: " + body.length())
                .text(body)
                .read();
    }

    private static Answer postChunked(Wire wire, String credential, String type) throws IOException {
        wire.head(
                "POST /organisations HTTP/1.1",
                "Host: a",
                credential,
                "Content-Type: " + type,
                "Transfer-Encoding: chunked");
        for (var i = 0; i < 5; i++) {
            wire.text("4000\r\n" + " ".repeat(0x4000) + "\r\n");
        }
        return wire.text("0\r\n\r\n").read();
    }

    /** What is answered to a client that sends its body only when it is asked to. */
    private static Answer waiting(String credential, String path, String type, long length) throws IOException {
        try (var wire = Wire.open()) {
            return wire.head(
                            "POST " + path + " HTTP/1.1",
                            "Host: a",
                            credential,
                            "Content-Type: " + type,
                            "Expect: 100-continue",
                            "Content-Length: " + length)
                    .read();
        }
    }
}
