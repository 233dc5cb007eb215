package dev.offshoot.api.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The configurations that no test runs are well-formed, and have what keeps a request without a good key out. */
class EdgeDocumentTest {
    private static final List<String> IDENTITY_HEADERS =
            List.of("x-organisation-id", "x-organisation-key", "x-api-key-id");

    private final JsonNode envoy = yaml(0);
    private final JsonNode traefik = yaml(1).get("http");

    @Test
    void envoyForwardsOnlyWhatIsAllowed() {
        var filters = envoy.get(0).at("/typed_config/http_filters");
        var authorize = filters.get(1).get("typed_config");
        var removed = filters.get(0).at("/typed_config/mutations/request_mutations");

        assertThat(filters.findValuesAsText("name"))
                .startsWith("envoy.filters.http.header_mutation", "envoy.filters.http.ext_authz");
        assertThat(removed.findValuesAsText("remove"))
                .containsAll(IDENTITY_HEADERS)
                .contains("x-gateway-key");
        assertThat(authorize.get("failure_mode_allow")).isEqualTo(BooleanNode.FALSE);
        assertThat(authorize.at("/http_service/path_prefix").textValue()).isEqualTo("/authorize");
        assertThat(authorize
                        .at("/http_service/authorization_response/allowed_upstream_headers")
                        .findValuesAsText("exact"))
                .isEqualTo(IDENTITY_HEADERS);
        assertThat(authorize
                        .at("/http_service/authorization_response/allowed_client_headers")
                        .findValuesAsText("exact"))
                .contains("retry-after", "ratelimit", "ratelimit-policy");
        assertThat(authorize.get("allowed_headers").findValuesAsText("exact"))
                .contains("x-api-key", "x-forwarded-for")
                .doesNotContain("x-gateway-key");
    }

    @Test
    void traefikForwardsOnlyWhatIsAllowed() {
        var chain = texts(traefik.at("/routers/product/middlewares"));
        var authorize = traefik.at("/middlewares/offshoot/forwardAuth");

        assertThat(chain).containsExactly("gateway-key", "offshoot", "without-gateway-key");
        assertThat(authorize.get("address").textValue()).endsWith("/authorize");
        assertThat(authorize.get("trustForwardHeader").booleanValue()).isFalse();
        assertThat(texts(authorize.get("authResponseHeaders")))
                .usingElementComparator(String.CASE_INSENSITIVE_ORDER)
                .isEqualTo(IDENTITY_HEADERS);
        assertThat(traefik.at("/middlewares/without-gateway-key/headers/customRequestHeaders/X-Gateway-Key")
                        .textValue())
                .isEmpty();
    }

    private static JsonNode yaml(int number) {
        try {
            return new YAMLMapper().readTree(EdgeDocument.blocks("yaml").get(number));
        } catch (IOException malformed) {
            throw new AssertionError(malformed);
        }
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::textValue)
                .toList();
    }
}
