package dev.offshoot.api.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a body is declared as, and how it is packed (RFC 9110, sections 8.3 and 8.4). */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class ContentTest {
    private static final int LIMIT = 1024 * 1024;
    private static final String USAGE = "/usage-records";

    private final PartnerClient partner = PartnerClient.newPartner();

    @ParameterizedTest
    @EnumSource
    void jsonInUtf8MayBeDeclaredInManyWays(EachApi api) throws IOException {
        for (var type : List.of(
                "application/json",
                "APPLICATION/Json",
                "application/json;charset=utf-8",
                "application/json ; charset=utf-8",
                "application/json\t;\tcharset=UTF-8 ",
                "application/json;charset=utf8",
                "application/json; charset=\"utf-8\"",
                "application/json; charset=\"UTF\\8\"",
                "application/json; Charset=Utf8; other=\"a;b\"",
                "application/json;",
                "application/json ; ; charset=utf-8")) {
            var answer = create(api, api.creation(), "Content-Type: " + type);

            assertThat(api.isCreated(answer)).as("%s: %s", type, answer.body()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anythingElseIsUnsupported(EachApi api) throws IOException {
        for (var type : List.of(
                "text/json",
                "application/jsonp",
                "application/json, application/json",
                "application/json; charset=iso-8859-1",
                "application/json; charset=utf-8; charset=utf-16",
                "application/json; charset=",
                "application/json charset=utf-8",
                "application/ json",
                "application/json; charset = utf-8",
                "application/json; =x",
                "application/json; charset=\"utf-8",
                "")) {
            var answer = create(api, api.creation(), "Content-Type: " + type);

            assertThat(answer.status()).as("%s: %s", type, answer.body()).isEqualTo(415);
            assertThat(api.code(answer)).isEqualTo(api.named("unsupported_media_type"));
            assertThat(answer.headers().map()).doesNotContainKey("accept-encoding");
        }
        assertThat(create(api, api.creation(), "Content-Type: application/json", "Content-Type: text/plain")
                        .status())
                .isEqualTo(415);
    }

    @ParameterizedTest
    @EnumSource
    void byteOrderMarkIsPassedOverOnce(EachApi api) throws IOException {
        var mark = new String("\uFEFF".getBytes(UTF_8), ISO_8859_1);

        assertThat(api.isCreated(create(api, mark + api.creation(), "Content-Type: application/json")))
                .isTrue();
        for (var body : List.of(mark, mark + " ", mark + mark + api.creation(), api.creation() + mark)) {
            assertThat(create(api, body, "Content-Type: application/json").status())
                    .isEqualTo(400);
        }
    }

    @ParameterizedTest
    @EnumSource
    void encodedBodyIsUnsupportedAndTheAnswerSaysWhatIsNot(EachApi api) throws IOException {
        for (var encoding : List.of("br", "gzip", "deflate", "x-gzip", "identity, gzip", "GZIP", "nonsense")) {
            var answer = create(api, api.creation(), "Content-Type: application/json", "Content-Encoding: " + encoding);

            assertThat(answer.status()).as("%s: %s", encoding, answer.body()).isEqualTo(415);
            assertThat(api.code(answer)).isEqualTo(api.named("unsupported_media_type"));
            assertThat(answer.headers().allValues("Accept-Encoding")).containsExactly("identity");
        }
        for (var encoding : List.of("identity", "IDENTITY", "identity, identity", "")) {
            var answer = create(api, api.creation(), "Content-Type: application/json", "Content-Encoding: " + encoding);

            assertThat(api.isCreated(answer))
                    .as("%s: %s", encoding, answer.body())
                    .isTrue();
        }
    }

    @Test
    void usageIsReportedPackedOrNot() throws IOException {
        var report = report("a");
        assertThat(report(GzipBodyTest.pack(report), "gzip").status()).isEqualTo(200);
        assertThat(report(GzipBodyTest.pack(report), "X-GZip").status()).isEqualTo(200);
        assertThat(report(report, "identity").body()).contains("duplicate");
        for (var encoding : List.of("br", "gzip, gzip", "deflate")) {
            var answer = report(report, encoding);
            assertThat(answer.status()).isEqualTo(415);
            assertThat(answer.headers().allValues("Accept-Encoding")).containsExactly("gzip, identity");
        }
    }

    @Test
    void packedReportIsBoundedByWhatItUnpacksTo() throws IOException {
        var report = report("b");
        assertThat(report(GzipBodyTest.pack(Arrays.copyOf(report, LIMIT)), "gzip")
                        .status())
                .isEqualTo(400);
        assertThat(report(GzipBodyTest.pack(spaced(report, LIMIT)), "gzip").status())
                .isEqualTo(200);
        var tooLong = report(GzipBodyTest.pack(spaced(report, LIMIT + 1)), "gzip");
        assertThat(PartnerClient.error(tooLong, 413).code()).isEqualTo("payload_too_large");
        var bomb = report(GzipBodyTest.pack(new byte[100 * LIMIT]), "gzip");
        assertThat(PartnerClient.error(bomb, 413).code()).isEqualTo("payload_too_large");
    }

    @Test
    void brokenOrCutReportIsABadRequest() throws IOException {
        var packed = GzipBodyTest.pack(report("c"));
        var broken = packed.clone();
        broken[packed.length - 6] ^= 1;
        for (var bad : List.of(
                broken,
                Arrays.copyOf(packed, packed.length - 1),
                Arrays.copyOf(packed, 12),
                Arrays.copyOf(packed, packed.length + 1),
                report("c"))) {
            assertThat(PartnerClient.violations(report(bad, "gzip"))).containsExactly("body");
        }
        assertThat(report(packed, "gzip").body()).contains("recorded");
    }

    private Answer create(EachApi api, String body, String... headers) throws IOException {
        return post(api, api.list(), body, headers);
    }

    private Answer report(byte[] body, String encoding) throws IOException {
        return post(
                EachApi.PARTNER,
                USAGE,
                new String(body, ISO_8859_1),
                "Content-Type: application/json",
                "Content-Encoding: " + encoding);
    }

    private Answer post(EachApi api, String path, String body, String... headers) throws IOException {
        var head = new ArrayList<>(List.of(
                "POST " + path + " HTTP/1.1",
                "Host: a",
                api.credential(partner, "POST", path),
                "Content-Length: " + body.length()));
        head.addAll(List.of(headers));
        try (var wire = Wire.open()) {
            return wire.head(head.toArray(String[]::new)).text(body).read();
        }
    }

    private byte[] report(String id) {
        var day = LocalDate.now(ZoneOffset.UTC);
        var organisation = partner.create("Reported").id();
        return ("{\"records\":[{\"id\":\"" + id + "\",\"organisation_id\":\"" + organisation + "\",\"day\":\"" + day
                        + "\",\"api_requests\":7.34e+2}]}")
                .getBytes(UTF_8);
    }

    private static byte[] spaced(byte[] body, int length) {
        var spaced = Arrays.copyOf(body, length);
        Arrays.fill(spaced, body.length, length, (byte) ' ');
        return spaced;
    }
}
