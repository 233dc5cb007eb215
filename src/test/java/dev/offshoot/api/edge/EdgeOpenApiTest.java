package dev.offshoot.api.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.ApiDocument;
import dev.offshoot.testing.ApiDocument.Call;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the OpenAPI document of what a reverse proxy asks and the service against one another. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class EdgeOpenApiTest {
    private static final Call AUTHORIZE = new Call("GET", EdgeAdapter.PREFIX);

    private final ApiDocument document = ApiDocument.served("/q/openapi/edge");
    private final EdgeWorld world = EdgeWorld.plant(PartnerClient.root());

    @Test
    void theOneQuestionIsDescribed() {
        assertThat(document.calls()).containsExactly(AUTHORIZE);
    }

    @Test
    void statusesAreThoseThatTheGuideTellsOf() throws Exception {
        var guide = Files.readString(Path.of("src/docs/edge.md"));
        var spec = guide.lines()
                .filter(line -> line.matches("\\| \\d{3} \\| .*"))
                .map(line -> Integer.valueOf(line.substring(2, 5)))
                .collect(Collectors.toCollection(TreeSet::new));
        spec.add(500);

        assertThat(document.statuses(AUTHORIZE)).isEqualTo(spec);
    }

    @Test
    void goodKeyIsAnsweredAsDocumented() {
        assertDocumented(world.authorize(world.key()), 200);
    }

    @Test
    void errorsAreAnsweredAsDocumented() {
        assertDocumented(world.authorize(KeySecret.mint().reveal()), 401);
        assertDocumented(Http.request("GET", EdgeAdapter.PREFIX).send(), 403);
        world.partner().setLimits(world.customer().id(), 1, 1);
        world.authorize(world.key());
        assertDocumented(world.authorize(world.key()), 429);
    }

    /** Without a body, and with just the headers that are documented for the status. */
    private void assertDocumented(Answer answer, int status) {
        var headers = document.whole(AUTHORIZE).get("responses").path(String.valueOf(status));
        headers = (headers.has("referred to") ? headers.get("referred to") : headers).get("headers");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).isEmpty();
        assertThat(headers.properties()).allSatisfy(header -> assertThat(
                        document.headerViolations(AUTHORIZE, status, header.getKey(), answer.header(header.getKey())))
                .as("%s", header.getKey())
                .isEmpty());
        assertThat(answer.headers().map().keySet().stream()
                        .filter(name -> name.startsWith("x-"))
                        .toList())
                .isSubsetOf(lowerCaseNames(headers));
    }

    private static Set<String> lowerCaseNames(JsonNode object) {
        return object.properties().stream()
                .map(field -> field.getKey().toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
