package dev.offshoot.api.partner;

import static dev.offshoot.testing.PartnerClient.body;
import static dev.offshoot.testing.PartnerClient.error;
import static dev.offshoot.testing.PartnerClient.violations;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Request;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies as a whole: how they are declared, whether they are JSON, how long they are. */
@Tag("any-database")
@QuarkusTest
@QuarkusTestResource(Installation.class)
class HostileBodyTest {
    private static final int LIMIT = 64 * 1024;
    private static final int USAGE_RECORDS_LIMIT = 1024 * 1024;
    private static final Duration LONGER_THAN_A_REQUEST_HAS = Duration.ofMillis(2500);

    /** The calls that take a body. */
    private static final List<String> CALLS = List.of(
            "POST /organisations",
            "PATCH /organisations/{id}",
            "POST /usage-records",
            "POST /api-keys",
            "PATCH /api-keys/0123456789ab",
            "POST /api-keys/0123456789ab/rotate",
            "POST /api-keys/verify",
            "POST /api-keys/revoke",
            "POST /organisations/{id}/api-keys",
            "PATCH /organisations/{id}/api-keys/0123456789ab",
            "POST /organisations/{id}/api-keys/0123456789ab/rotate");

    private final PartnerClient partner = PartnerClient.newPartner();
    private final String target = partner.create("Target").id();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/json; charset=utf-8",
                "application/json;charset=UTF-8",
                "APPLICATION/JSON",
                "application/json; charset=\"utf-8\"",
                "application/json; profile=x"
            })
    void bodyDeclaredAsJsonInUtf8IsRead(String type) {
        assertThat(sendAs(type, "POST /organisations").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "text/json",
                "application/xml",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/merge-patch+json",
                "application/jsonp",
                "application/*",
                "*/*",
                "application/json; charset=iso-8859-1",
                "application/json; charset=utf-16",
                "application/json, text/plain",
                "application/json;charset",
                "application",
                "/json",
                "nonsense"
            })
    void bodyDeclaredAsAnythingElseIsUnsupported(String type) {
        for (var call : CALLS) {
            assertThat(error(sendAs(type, call), 415).code()).isEqualTo("unsupported_media_type");
        }
    }

    @Test
    void bodyThatIsNotDeclaredIsUnsupported() {
        for (var call : CALLS) {
            var answer = request(call).body(valid(call)).send();

            assertThat(error(answer, 415).code()).isEqualTo("unsupported_media_type");
        }
    }

    @Test
    void declarationWithoutABodyIsNoHarm() {
        var answer = partner.keyed("GET", "/organisations")
                .header("Content-Type", "text/plain")
                .send();

        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void absentBodyIsAnEmptyOne() {
        for (var call : CALLS) {
            assertThat(violations(request(call).send())).containsExactly("body");
        }
    }

    @ParameterizedTest
    @MethodSource
    void whatIsNoJsonObjectIsInvalid(String body) {
        for (var call : CALLS) {
            assertThat(violations(send(call, body))).as(call).containsExactly("body");
        }
    }

    static Stream<String> whatIsNoJsonObjectIsInvalid() {
        return Stream.of(
                "",
                "null",
                "[]",
                "{\"organisation_name\":\"A\"",
                "{\"organisation_name\":\"A\"}{}",
                "{\"organisation_name\":\"A\",\"organisation_name\":\"A\"}",
                "{\"organisation_name\":" + "1".repeat(1000) + "}",
                "organisation_name=A",
                "{\"a\":".repeat(10_000));
    }

    /** Each in the place of a name's text. */
    @ParameterizedTest
    @CsvSource({"c0af, an overlong form", "eda080, a surrogate", "ff, no byte of UTF-8"})
    void whatIsNotUtf8IsInvalid(String bytes, String why) {
        for (var call : CALLS) {
            // Each byte is the character of that number.
            var text = "{\"organisation_name\":\"" + new String(HexFormat.of().parseHex(bytes), ISO_8859_1) + "\"}";
            var body = text.getBytes(ISO_8859_1);

            assertThat(violations(send(call, body))).as(why).containsExactly("body");
        }
    }

    @Test
    void utf16IsInvalid() {
        var utf16 = Http.ascii(body("A")).getBytes(UTF_16);

        assertThat(violations(send("POST /organisations", utf16))).containsExactly("body");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /organisations",
                "PATCH /organisations/{id}",
                "POST /usage-records",
                "POST /api-keys",
                "POST /organisations/{id}/api-keys",
                "POST /api-keys/verify"
            })
    void bodyIsBoundedToTheByte(String call) {
        var limit = call.endsWith("usage-records") ? USAGE_RECORDS_LIMIT : LIMIT;
        var fits = padded(valid(call), limit);
        var tooLong = padded(valid(call), limit + 1);

        assertThat(send(call, fits).status()).isEqualTo(200);
        assertThat(sendChunked(call, fits).status()).isEqualTo(200);
        assertThat(error(send(call, tooLong), 413).code()).isEqualTo("payload_too_large");
        assertThat(error(sendChunked(call, tooLong), 413).code()).isEqualTo("payload_too_large");
    }

    @Test
    void bodyFarBeyondTheBoundGetsAReadableAnswer() {
        var tooLong = padded(valid("POST /organisations"), 8 * 1024 * 1024);

        assertThat(error(send("POST /organisations", tooLong), 413).code()).isEqualTo("payload_too_large");
        assertThat(error(sendChunked("POST /organisations", tooLong), 413).code())
                .isEqualTo("payload_too_large");
    }

    @Test
    void bodyThatArrivesSlowlyIsNotHeldAgainstTheDatabasesTime() throws IOException {
        var body = Http.text(body("Slow"));
        var base = URI.create(Http.base());
        try (var client = new Socket(base.getHost(), base.getPort())) {
            var head = "POST /organisations HTTP/1.1\r\nHost: localhost\r\nx-api-key: " + partner.key()
                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n";
            client.getOutputStream().write((head + body.substring(0, 10)).getBytes(UTF_8));
            Awaitility.await().pollDelay(LONGER_THAN_A_REQUEST_HAS).until(() -> true);

            client.getOutputStream().write(body.substring(10).getBytes(UTF_8));

            assertThat(new String(client.getInputStream().readNBytes(12), UTF_8))
                    .isEqualTo("HTTP/1.1 200");
        }
    }

    @Test
    void unknownFieldsAreNamedWithTheOthers() {
        var answer = send("POST /organisations", "{\"organisation_name\":1,\"surprise\":null,\"x\":{\"y\":[]}}");

        assertThat(violations(answer))
                .containsExactlyInAnyOrder("organisation_name", "country", "division_timezone", "surprise", "x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "a b", "a\nb", "\u0000", "é", "\u202e", "\ud800", "<script>alert(1)</script>\u0000"})
    void unknownFieldsThatAreNotPrintableAreRefusedAndNotEchoed(String field) {
        for (var call : CALLS) {
            var answer = send(call, Http.ascii(Map.of(field, 1)));

            assertThat(violations(answer)).contains("(unprintable)").doesNotContain(field);
            assertThat(answer.body()).matches("[ -~]+");
        }
    }

    @Test
    void manyUnknownFieldsGetAShortAnswer() {
        var fields = IntStream.range(0, 4000)
                .mapToObj(i -> "\"field_" + i + "\":1")
                .collect(Collectors.joining(",", "{", "}"));

        for (var call : CALLS) {
            var answer = send(call, fields);

            assertThat(violations(answer)).hasSizeBetween(90, 110);
            assertThat(answer.body()).hasSizeLessThan(16_000);
        }
    }

    /** As many as fit into a report. Each was compared with all others once, which took a minute and more. */
    @ParameterizedTest
    @MethodSource
    void reportOfNothingButMistakesIsRefusedInTime(String name, String start, IntFunction<String> mistake, String end) {
        var body = new StringBuilder(start).append(mistake.apply(0));
        var more = (USAGE_RECORDS_LIMIT - 100 - start.length())
                / (mistake.apply(999_999).getBytes(UTF_8).length + 1);
        IntStream.range(1, more).forEach(i -> body.append(',').append(mistake.apply(i)));
        var began = System.nanoTime();

        var answer = send("POST /usage-records", body.append(end).toString());

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        assertThat(violations(answer)).hasSizeBetween(1, 110);
        assertThat(answer.body()).hasSizeLessThan(32_000);
    }

    static Stream<Arguments> reportOfNothingButMistakesIsRefusedInTime() {
        return Stream.of(
                mistakes("unknown fields", "{", i -> "\"f" + i + "\":1", "}"),
                mistakes("unknown fields of a record", "{\"records\":[{", i -> "\"f" + i + "\":1", "}]}"),
                mistakes("records that are none", "{\"records\":[", i -> "1", "]}"),
                mistakes("empty records", "{\"records\":[", i -> "{}", "]}"),
                mistakes("records of one wrong field", "{\"records\":[", i -> "{\"id\":1}", "]}"),
                mistakes("one reason of marks", "{\"records\":[{\"reason\":\"a", i -> marks(230_000), "\"}]}"),
                mistakes("reasons of marks", "{\"records\":[", i -> "{\"reason\":\"a" + marks(500) + "\"}", "]}"),
                mistakes("records of one unknown field", "{\"records\":[", i -> "{\"f\":1}", "]}"));
    }

    /** Twice that many marks, in the opposite of their order. */
    private static String marks(int each) {
        return "\u0305".repeat(each) + "\u0316".repeat(each);
    }

    private static Arguments mistakes(String name, String start, IntFunction<String> mistake, String end) {
        return Arguments.of(name, start, mistake, end);
    }

    @Test
    void longUnknownFieldIsNotEchoed() {
        var answer = send("POST /organisations", Http.ascii(Map.of("f".repeat(40_000), 1)));

        assertThat(violations(answer)).contains("(unprintable)");
        assertThat(answer.body()).hasSizeLessThan(2000);
    }

    private Answer send(String call, String body) {
        return requestAs("application/json", call).body(body).send();
    }

    private Answer send(String call, byte[] body) {
        return requestAs("application/json", call).body(body).send();
    }

    private Answer sendChunked(String call, byte[] body) {
        return requestAs("application/json", call).chunkedBody(body).send();
    }

    private Answer sendAs(String type, String call) {
        return requestAs(type, call).body(valid(call)).send();
    }

    private Request requestAs(String type, String call) {
        return request(call).header("Content-Type", type);
    }

    private Request request(String call) {
        return partner.keyed(call.split(" ")[0], path(call));
    }

    private String path(String call) {
        return call.split(" ")[1].replace("{id}", target);
    }

    private static String valid(String call) {
        var record = Map.of(
                "id",
                "r1",
                "organisation_id",
                "0123456789abcdef01234567",
                "day",
                LocalDate.now(ZoneOffset.UTC).toString(),
                "api_requests",
                1);
        return Http.ascii(
                switch (call) {
                    case "POST /organisations" -> body("A");
                    case "PATCH /organisations/{id}" -> Map.of("organisation_name", "A");
                    case "POST /usage-records" -> Map.of("records", List.of(record));
                    case "POST /api-keys/verify" -> Map.of("api_key", "x");
                    default -> Map.of("name", "A", "roles", List.of("standard"));
                });
    }

    /** The text with as much white space behind it as makes that many bytes. */
    private static byte[] padded(String json, int length) {
        return (json + " ".repeat(length - json.length())).getBytes(US_ASCII);
    }
}
