package dev.offshoot.api.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.testing.ApiDocument;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.Metrics;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Swagger UI, where it is switched on, and the bound on pages that are on their way. */
@Tag("any-database")
@QuarkusTest
@QuarkusTestResource(value = AllDocumentsTest.AllDocuments.class, restrictToAnnotatedClass = true)
class AllDocumentsTest {
    private static final int MOST = 3;
    private static final String BUNDLE = "/q/swagger-ui/swagger-ui-bundle.js";

    /** More of it than the operating system keeps for a client that does not read. */
    private static final String UNREAD = ("GET " + BUNDLE + " HTTP/1.1\r\nHost: a\r\n\r\n").repeat(20);

    private final List<Wire> wires = new ArrayList<>();

    public static class AllDocuments extends Installation {
        @Override
        public Map<String, String> start() {
            var settings = new HashMap<>(super.start());
            settings.put("offshoot.http.documents", "all");
            settings.put("offshoot.http.max-documents-in-flight", String.valueOf(MOST));
            return settings;
        }
    }

    @AfterEach
    void close() throws IOException {
        for (var wire : wires) {
            wire.close();
        }
        await().until(() -> get(BUNDLE).status() == 200);
    }

    @Test
    void swaggerUiOffersEveryDocument() {
        assertThat(get("/q/swagger-ui").header("Location")).isEqualTo("swagger-ui/");
        var page = get("/q/swagger-ui/");

        assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
        assertThat(ApiDocument.ALL).allSatisfy(path -> {
            assertThat(page.body()).contains('"' + path.replace("/q/", "../") + '"');
            var document = get(path + ".json").json();
            var title = document.at("/info/title").textValue().replace("Offshoot ", "");
            assertThat(page.body()).contains('"' + title + '"');
        });
        assertThat(get("/q/swagger-ui/index.html").body()).isEqualTo(page.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js"})
    void swaggerUiHasItsFiles(String file) {
        var plain = get("/q/swagger-ui/" + file);
        var compressed = Http.request("HEAD", "/q/swagger-ui/" + file)
                .header("Accept-Encoding", "gzip")
                .send();

        assertThat(plain.status()).isEqualTo(200);
        assertThat(plain.header("Content-Type")).startsWith(file.endsWith("css") ? "text/css" : "text/javascript");
        assertThat(get("/q/swagger-ui/").body()).contains('"' + file + '"');
        assertThat(compressed.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(Integer.parseInt(compressed.header("Content-Length")))
                .isLessThan(plain.body().length() / 3);
    }

    @Test
    void onePageMoreThanTheBoundIsRefusedAndTheApisGoOn() throws IOException {
        for (var i = 0; i < MOST - 1; i++) {
            neverRead();
        }
        assertThat(get(BUNDLE).status()).isEqualTo(200);
        neverRead();

        await().until(() -> get("/q/openapi").status() == 503);
        var refused = get("/q/openapi");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(refused.json().get("identifier").textValue()).isEqualTo("unavailable");
        assertThat(Http.request("HEAD", "/q/openapi").send().status()).isEqualTo(200);
        assertThat(PartnerClient.root().send("GET", "/organisations").status()).isEqualTo(200);
        assertThat(Metrics.scrape().value("offshoot_http_requests_in_flight")).isZero();
    }

    @Test
    void clientsThatHangUpGiveTheirPlacesBack() throws IOException {
        for (var i = 0; i < 10 * MOST; i++) {
            try (var wire = Wire.open()) {
                wire.text(UNREAD.substring(0, UNREAD.length() / 20 * (1 + i % 3)));
            }
        }

        await().until(() -> get(BUNDLE).status() == 200);
        neverRead();
        neverRead();
        assertThat(get(BUNDLE).status()).isEqualTo(200);
    }

    private void neverRead() throws IOException {
        wires.add(Wire.open().text(UNREAD));
    }

    private static Answer get(String path) {
        return Http.request("GET", path).send();
    }
}
