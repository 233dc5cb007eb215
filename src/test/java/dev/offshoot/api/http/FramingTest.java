package dev.offshoot.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.Logs;
import dev.offshoot.testing.Metrics;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a message ends, whom it addresses, and what becomes of its connection (RFC 9110 and RFC 9112). */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class FramingTest {
    private static final String HOST = "Host: service.example";
    private static final String JSON = "Content-Type: application/json";

    private final PartnerClient partner = PartnerClient.newPartner();

    @ParameterizedTest
    @EnumSource
    void unknownTransferCodingIsNotImplementedAndEndsTheConnection(EachApi api) throws IOException {
        for (var coding :
                List.of("xchunked", "chunked, identity", "gzip, chunked", "chunked, chunked", "identity", "")) {
            try (var wire = Wire.open()) {
                wire.head("POST " + api.list() + " HTTP/1.1", HOST, JSON, "Transfer-Encoding: " + coding);
                assertLast(wire.text(hidden()), 501);
            }
        }
        try (var wire = Wire.open()) {
            wire.head(
                    "POST " + api.list() + " HTTP/1.1",
                    HOST,
                    "Transfer-Encoding: chunked",
                    "Transfer-Encoding: chunked");
            assertThat(api.code(assertLast(wire.text("0\r\n\r\n"), 501))).isEqualTo(api.named("not_implemented"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void otherVersionIsNotSupportedAndEndsTheConnection(EachApi api) throws IOException {
        for (var version : List.of("HTTP/3.7", "HTTP/1.2", "HTTP/0.9", "HTTP/2.0", "http/1.1", "ICY/1.1")) {
            try (var wire = Wire.open()) {
                wire.head("GET " + api.list() + " " + version, HOST);
                var answer = assertLast(wire, 505);

                assertThat(api.code(answer)).isEqualTo(api.named("http_version_not_supported"));
            }
        }
    }

    @Test
    void edgeAnswersTheSameWithoutABody() throws IOException {
        try (var wire = Wire.open()) {
            wire.head("GET /authorize HTTP/1.9", HOST);
            assertThat(assertLast(wire, 505).body()).isEmpty();
        }
        try (var wire = Wire.open()) {
            wire.head("GET /authorize HTTP/1.1", HOST, "Transfer-Encoding: gzip");
            assertThat(assertLast(wire, 501).body()).isEmpty();
        }
        try (var wire = Wire.open()) {
            assertThat(wire.head("GET /authorize HTTP/1.1", HOST, HOST).read().status())
                    .isEqualTo(400);
        }
    }

    @ParameterizedTest
    @EnumSource
    void malformedHostOrHeaderIsABadRequest(EachApi api) throws IOException {
        var heads = List.of(
                List.of(HOST, HOST),
                List.of(HOST, "Host: other.example"),
                List.of("Host: "),
                List.of("Host: a b"),
                List.of("Host: a,b"),
                List.of("Host: a:1:2"),
                List.of("Host: :80"),
                List.of("Host: a%2"),
                List.of("Host: [1:2]"),
                List.of("X-None: 1"),
                List.of(HOST, ": nameless"));
        for (var head : heads) {
            try (var wire = Wire.open()) {
                var lines = Stream.concat(Stream.of("GET " + api.list() + " HTTP/1.1"), head.stream());
                var answer = wire.head(lines.toArray(String[]::new)).read();

                assertThat(answer.status()).as("%s", head).isEqualTo(400);
                assertThat(api.code(answer)).isIn("validation_failed", "INVALID_ATTRIBUTE");
                assertThat(wire.head("GET " + api.list() + " HTTP/1.1", HOST)
                                .read()
                                .status())
                        .isEqualTo(401);
            }
        }
    }

    @Test
    void http10NeedsNoHostButOneThatIsThereHasToBeGood() throws IOException {
        var key = EachApi.PARTNER.credential(partner, "GET", "/organisations");
        assertThat(once("GET /organisations HTTP/1.0", key).status()).isEqualTo(200);
        assertThat(once("GET /organisations HTTP/1.0", key, "Host: a b").status())
                .isEqualTo(400);
        assertThat(once("GET /organisations HTTP/1.0", key, HOST, HOST).status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com: | example.com",
                "example.com:80 | example.com:80",
                "[2001:db8::1]: | [2001:db8::1]",
                "my_host:81 | my_host:81"
            })
    void emptyPortCountsAsNone(String hostAndLinks) throws IOException {
        var host = hostAndLinks.split(" \\| ")[0];
        var links = hostAndLinks.split(" \\| ")[1];
        var target = "/api/public/v1.0/orgs";
        var answer = once(
                "GET " + target + " HTTP/1.1",
                "Host: " + host,
                EachApi.CLOUD_MANAGER.credential(partner, "GET", target));

        assertThat(answer.json().at("/links/0/href").asText()).isEqualTo("http://" + links + target);
    }

    @Test
    void targetInAbsoluteFormTakesThePlaceOfHost() throws IOException {
        var path = "/api/public/v1.0/orgs";
        for (var authority : List.of("target.example:81", "target.example", "target.example:")) {
            var target = "http://" + authority + path;
            var answer =
                    once("GET " + target + " HTTP/1.1", HOST, EachApi.CLOUD_MANAGER.credential(partner, "GET", target));

            assertThat(answer.json().at("/links/0/href").asText())
                    .isEqualTo("http://" + authority.replaceAll(":$", "") + path);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://a b/", "http:///x", "http://u@a/x", "http://:80/x", "ftp://a/x", "http://a:99999/", "//"
            })
    void malformedAbsoluteTargetIsABadRequest(String target) throws IOException {
        var answer = once("GET " + target + " HTTP/1.1", HOST, EachApi.PARTNER.credential(partner, "GET", target));

        assertThat(answer.status()).isIn(400, 404);
    }

    /** The longer of two lengths may be what a proxy read. */
    @Test
    void lengthAndTransferCodingTogetherEndTheConnection() throws IOException {
        for (var api : EachApi.values()) {
            for (var version : List.of("HTTP/1.1", "HTTP/1.0")) {
                var body = api.creation();
                try (var wire = Wire.open()) {
                    wire.head(
                                    "POST " + api.list() + " " + version,
                                    HOST,
                                    JSON,
                                    "Connection: keep-alive",
                                    api.credential(partner, "POST", api.list()),
                                    "Content-Length: 3",
                                    "Transfer-Encoding: chunked")
                            .text(chunked(body) + hidden());
                    var answer = wire.read();

                    assertThat(api.isCreated(answer)).as(answer.body()).isTrue();
                    assertThat(answer.header("Connection")).isEqualTo("close");
                    assertThat(wire.isClosed()).isTrue();
                }
            }
        }
    }

    @Test
    void chunkedBodyAloneKeepsTheConnection() throws IOException {
        try (var wire = Wire.open()) {
            for (var coding : List.of("chunked", "Chunked", "CHUNKED")) {
                wire.head(
                        "POST /organisations HTTP/1.1",
                        HOST,
                        JSON,
                        "User-Agent: a/1",
                        EachApi.PARTNER.credential(partner, "POST", "/organisations"),
                        "Transfer-Encoding: " + coding);
                var answer = wire.text(chunked(EachApi.PARTNER.creation())).read();

                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.headers().map()).doesNotContainKey("connection");
            }
        }
    }

    /** More than one read of the socket, with bodies among them, answered at once and after a look-up. */
    @Test
    void messagesSentAtOnceAreAnsweredInTheirOrder() throws IOException {
        var key = EachApi.PARTNER.credential(partner, "GET", "/organisations");
        var body = EachApi.PARTNER.creation();
        var sent = new StringBuilder();
        for (var i = 0; i < 300; i++) {
            var head = "\r\nHost: a\r\nX-Request-Id: " + i + "\r\n" + (i % 3 == 0 ? "X-None: 1" : key) + "\r\n";
            sent.append(
                    i % 2 == 0
                            ? "GET /organisations?limit=1 HTTP/1.1" + head + "\r\n"
                            : "POST /nowhere HTTP/1.1" + head + JSON + "\r\nContent-Length: " + body.length()
                                    + "\r\n\r\n" + body);
        }
        try (var wire = Wire.open()) {
            wire.text(sent.toString());
            for (var i = 0; i < 300; i++) {
                var answer = wire.read();
                assertThat(answer.header("X-Request-Id")).isEqualTo(String.valueOf(i));
                assertThat(answer.status()).isEqualTo(i % 3 == 0 ? 401 : i % 2 == 0 ? 200 : 404);
            }
        }
    }

    @Test
    void clientThatSendsMoreAtOnceThanIsHeldIsCutOff() throws IOException {
        var request = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
        try (var wire = Wire.open()) {
            wire.text(request.repeat(1500));
            for (var i = 0; i < 1500; i++) {
                assertThat(wire.read().status()).isEqualTo(401);
            }
        }
        try (var wire = Wire.open()) {
            assertThat(answersUntilCut(wire, request, 200_000)).isLessThan(200_000);
        }
    }

    private static int answersUntilCut(Wire wire, String request, int times) throws IOException {
        var answers = 0;
        try {
            wire.text(request.repeat(times));
            while (answers < times) {
                wire.read();
                answers++;
            }
        } catch (SocketException | EOFException cut) {
            return answers;
        }
        return answers;
    }

    @ParameterizedTest
    @EnumSource
    void bodyThatIsRefusedUnreadEndsTheConnection(EachApi api) throws IOException {
        for (var length : List.of("Content-Length: 70000", "Transfer-Encoding: chunked")) {
            refusedUnread(api, api.list(), "X-None: 1", JSON, length, 401);
            var unknown = api.list() + "/x/y/z";
            refusedUnread(api, unknown, api.credential(partner, "POST", unknown), JSON, length, 404);
            refusedUnread(api, api.list(), api.credential(partner, "POST", api.list()), "X-None: 1", length, 415);
        }
        refusedUnread(api, api.list(), api.credential(partner, "POST", api.list()), JSON, "Content-Length: 70000", 413);
    }

    @Test
    void edgeReadsNoBodyAndEndsTheConnectionOfOneWhoWaits() throws IOException {
        try (var wire = Wire.open()) {
            wire.head("POST /authorize HTTP/1.1", HOST, "Expect: 100-continue", "Content-Length: 3");
            assertLast(wire, 403);
        }
    }

    @Test
    void oneWhoWaitsWithNothingToSendKeepsTheConnection() throws IOException {
        try (var wire = Wire.open()) {
            wire.head("GET /organisations HTTP/1.1", HOST, "Expect: 100-continue");
            assertThat(wire.read().headers().map()).doesNotContainKey("connection");
            assertThat(wire.head("GET /organisations HTTP/1.1", HOST).read().status())
                    .isEqualTo(401);
        }
    }

    @Test
    void expectationOfHttp10IsIgnored() throws IOException {
        var body = EachApi.PARTNER.creation();
        try (var wire = Wire.open()) {
            wire.head(
                            "POST /organisations HTTP/1.0",
                            EachApi.PARTNER.credential(partner, "POST", "/organisations"),
                            JSON,
                            "Expect: 100-continue",
                            "Content-Length: " + body.length())
                    .text(body);

            assertThat(wire.read().status()).isEqualTo(200);
        }
    }

    @Test
    void upgradeToHttp2InTheClearIsPassedOver() throws IOException {
        try (var wire = Wire.open()) {
            for (var i = 0; i < 2; i++) {
                wire.head(
                        "GET /organisations HTTP/1.1",
                        HOST,
                        EachApi.PARTNER.credential(partner, "GET", "/organisations"),
                        "Connection: Upgrade, HTTP2-Settings",
                        "Upgrade: h2c",
                        "HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAA");
                assertThat(wire.read().status()).isEqualTo(200);
            }
        }
        try (var wire = Wire.open()) {
            assertLast(wire.text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505);
        }
    }

    @Test
    void refusalsForFormCostNoCommandAndLeaveNoTrace() {
        var before = fiveHundreds();
        var commands = Commands.during(() -> {
            var trouble = Logs.troubleDuring(() -> {
                try {
                    unknownTransferCodingIsNotImplementedAndEndsTheConnection(EachApi.MONOID);
                    otherVersionIsNotSupportedAndEndsTheConnection(EachApi.PARTNER);
                    malformedHostOrHeaderIsABadRequest(EachApi.CLOUD_MANAGER);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
            assertThat(trouble).isEmpty();
        });

        assertThat(commands).isEmpty();
        assertThat(fiveHundreds()).isEqualTo(before);
    }

    static double fiveHundreds() {
        return Metrics.scrape().samples().stream()
                .filter(sample -> sample.name().equals("offshoot_http_requests_seconds_count"))
                .filter(sample -> sample.labels().getOrDefault("status", "").startsWith("5"))
                .mapToDouble(Metrics.Sample::value)
                .sum();
    }

    private void refusedUnread(EachApi api, String path, String credential, String type, String length, int status)
            throws IOException {
        try (var wire = Wire.open()) {
            wire.head("POST " + path + " HTTP/1.1", HOST, credential, type, "Expect: 100-continue", length);
            assertThat(api.code(assertLast(wire, status))).isNotEmpty();
        }
    }

    private static Answer once(String... lines) throws IOException {
        try (var wire = Wire.open()) {
            return wire.head(lines).read();
        }
    }

    /** The next answer, which says that it is the last and is. */
    private static Answer assertLast(Wire wire, int status) throws IOException {
        var answer = wire.read();
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().allValues("Connection")).containsExactly("close");
        assertThat(wire.isClosed()).isTrue();
        return answer;
    }

    /** What would be a request of its own if the message before it ended too early. */
    private static String hidden() {
        return "GET /organisations HTTP/1.1\r\nHost: a\r\nX-Request-Id: hidden\r\n\r\n";
    }

    private static String chunked(String body) {
        return Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
    }
}
