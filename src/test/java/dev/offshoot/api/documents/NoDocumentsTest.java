package dev.offshoot.api.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.ApiDocument;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An installation that serves no documentation. */
@QuarkusTest
@QuarkusTestResource(value = NoDocumentsTest.NoDocuments.class, restrictToAnnotatedClass = true)
class NoDocumentsTest {
    public static class NoDocuments extends Installation {
        @Override
        public Map<String, String> start() {
            var settings = new HashMap<>(super.start());
            settings.put("offshoot.http.documents", "none");
            return settings;
        }
    }

    @Test
    void noDocumentIsThere() {
        assertThat(ApiDocument.ALL).allSatisfy(path -> {
            for (var form : new String[] {"", ".json", ".yaml", "?format=json"}) {
                var answer = Http.request("GET", path + form).send();
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.json().get("identifier").textValue()).isEqualTo("not_found");
            }
        });
        assertThat(Http.request("GET", "/q/swagger-ui/").send().status()).isEqualTo(404);
        assertThat(PartnerClient.root().send("GET", "/organisations").status()).isEqualTo(200);
    }
}
