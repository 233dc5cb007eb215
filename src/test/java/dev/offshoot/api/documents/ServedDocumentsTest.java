package dev.offshoot.api.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.ApiDocument;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the OpenAPI documents are served, which is all that an installation serves beneath {@code /q} by default. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class ServedDocumentsTest {
    static final List<String> ALL = ApiDocument.ALL;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @ParameterizedTest
    @FieldSource("ALL")
    void documentIsYamlUnlessJsonIsAskedFor(String path) {
        for (var target : List.of(path, path + "/", path + ".yaml", path + ".yml", path + "?format=yaml")) {
            var answer = get(target);
            assertThat(answer.header("Content-Type")).isEqualTo("application/yaml;charset=UTF-8");
            assertThat(answer.body()).startsWith("---\nopenapi: 3.1");
        }
        var accepting =
                Http.request("GET", path).header("Accept", "application/json").send();
        Stream.of(get(path + ".json"), get(path + "?format=json"), get(path + "?format=JSON"), accepting)
                .forEach(answer -> {
                    assertThat(answer.header("Content-Type")).isEqualTo("application/json;charset=UTF-8");
                    assertThat(answer.json().get("openapi").textValue()).startsWith("3.1");
                });
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void documentIsCompressedForThoseWhoReadGzip(String path) throws Exception {
        var plain = get(path);
        var compressed = send(path, "br;q=1, gzip;q=0.5");

        assertThat(compressed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(compressed.body()).hasSizeLessThan(plain.body().length() / 3);
        assertThat(text(compressed.body())).isEqualTo(plain.body());
        assertThat(compressed.headers().firstValue("ETag"))
                .isPresent()
                .isNotEqualTo(plain.headers().firstValue("ETag"));
        assertThat(compressed.headers().firstValue("Vary")).contains("Accept, Accept-Encoding");
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "br", "gzip;q=0", "gzip;q=0.0, br"})
    void documentIsNotCompressedForOthers(String accepted) throws Exception {
        var answer = send("/q/openapi", accepted);

        assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(answer.headers().firstValue("Vary")).contains("Accept, Accept-Encoding");
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(get("/q/openapi").body());
    }

    @Test
    void clientsKeepADocumentForAMinuteAndThenAskWhetherItChanged() {
        var first = get("/q/openapi");
        var tag = first.header("ETag");
        assertThat(tag).matches("\"[0-9a-f]{32}\"");
        assertThat(first.header("Cache-Control")).isEqualTo("public, max-age=60");

        for (var known : List.of(tag, "W/" + tag, "\"a\", " + tag, "\"a\",W/\"b\"," + tag + ",\"c\"", "*")) {
            var again = Http.request("GET", "/q/openapi")
                    .header("If-None-Match", known)
                    .send();
            assertThat(again.status()).as(known).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            assertThat(again.header("ETag")).isEqualTo(tag);
            assertThat(again.header("Cache-Control")).isEqualTo("public, max-age=60");
            assertThat(again.header("Vary")).isEqualTo("Accept, Accept-Encoding");
        }
        for (var other :
                List.of("\"a\"", tag.replace("\"", ""), get("/q/openapi.json").header("ETag"))) {
            var again = Http.request("GET", "/q/openapi")
                    .header("If-None-Match", other)
                    .send();
            assertThat(again.status()).as(other).isEqualTo(200);
            assertThat(again.body()).isEqualTo(first.body());
        }
    }

    @Test
    void answerToHeadHasTheHeadersOfThatToGet() {
        var got = get("/q/openapi");
        var head = Http.request("HEAD", "/q/openapi").send();

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        for (var name : List.of("Content-Type", "Content-Length", "ETag", "Cache-Control", "Vary")) {
            assertThat(head.header(name)).as(name).isNotEmpty().isEqualTo(got.header(name));
        }
    }

    @Test
    void everyAnswerHasARequestId() {
        var answer = Http.request("GET", "/q/openapi")
                .header("X-Request-Id", "mine-1")
                .send();

        assertThat(answer.header("X-Request-Id")).isEqualTo("mine-1");
        assertThat(get("/q/openapi").header("X-Request-Id")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
    void documentHasNoOtherMethods(String method) {
        var answer = Http.request(method, "/q/openapi/monoid").send();

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo("GET, HEAD");
        assertThat(answer.json().get("identifier").textValue()).isEqualTo("method_not_allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/q",
                "/q/",
                "/q/openapi.foo",
                "/q/openapi/partner",
                "/q/openapi/monoid/x",
                "/q/swagger-ui",
                "/q/swagger-ui/",
                "/q/swagger-ui/index.html",
                "/q/swagger-ui/swagger-ui-bundle.js",
                "/q/health",
                "/q/metrics",
                "/q/dev-ui",
                "/x/../q/swagger-ui/"
            })
    void nothingElseIsThere(String path) {
        for (var method : List.of("GET", "POST")) {
            var answer = Http.request(method, path).send();

            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.json().get("identifier").textValue()).isEqualTo("not_found");
        }
    }

    /** The path by which the documents were once read past the guard of {@code /authorize}, and the like. */
    @Test
    void everyWayToADocumentEndsHere() {
        assertThat(get("/x/../q/openapi").header("ETag"))
                .isEqualTo(get("/q/openapi").header("ETag"));
    }

    private static Answer get(String target) {
        var answer = Http.request("GET", target).send();
        assertThat(answer.status()).isEqualTo(200);
        return answer;
    }

    private static HttpResponse<byte[]> send(String target, String acceptedEncoding)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(Http.base() + target))
                .header("Accept-Encoding", acceptedEncoding)
                .build();
        return CLIENT.send(request, BodyHandlers.ofByteArray());
    }

    private static String text(byte[] compressed) throws IOException {
        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
