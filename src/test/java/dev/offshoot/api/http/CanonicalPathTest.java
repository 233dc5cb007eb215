package dev.offshoot.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.DigestClient;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a key may do is decided by the very path that is then called, however it is written. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class CanonicalPathTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/apiKeys/..",
                "/apiKeys/%2e%2e",
                "/apiKeys/%2E.",
                "/apiKeys/../",
                "/apiKeys/x/../..",
                ";x",
                "/./",
                "/."
            })
    void aRoleThatMayNotDeleteCanNotByWritingThePathOtherwise(String suffix) {
        var partner =
                PartnerClient.with(PartnerClient.root().createPartner("Partner").partnerKey());
        var child = partner.create("Child");
        var orgs = "/api/public/v1.0/orgs/";
        var owner = DigestClient.with(partner.key())
                .session()
                .send("POST", orgs + child.id() + "/apiKeys", Map.of("desc", "Owner", "roles", List.of("ORG_OWNER")))
                .json();
        var client = DigestClient.with(owner.get("privateKey").textValue()).session();
        assertThat(client.send("GET", orgs + child.id()).status()).isEqualTo(200);

        var answer = client.send("DELETE", orgs + child.id() + suffix);

        assertThat(answer.status()).isIn(403, 404);
        assertThat(partner.get(child.id())).isEqualTo(child.organisation());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/usage/../organisations",
                "/usage-records/%2e%2e/organisations",
                "/organisations;x=1",
                "/organisations/."
            })
    void pathThatIsNotCanonicalIsUnknown(String path) {
        assertThat(PartnerClient.error(PartnerClient.root().send("GET", path), 404)
                        .code())
                .isEqualTo("not_found");
    }

    @Test
    void standardKeyReachesNothingElseByWayOfItsOneCall() {
        var child = PartnerClient.with(
                        PartnerClient.root().createPartner("Partner").partnerKey())
                .create("Child");
        var customer = PartnerClient.with(child.apiKey());

        for (var path : List.of("/usage-records/../organisations", "/usage-records/%2e%2e/organisations")) {
            assertThat(customer.sendText("POST", path, "{\"organisation_name\":\"x\"}")
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void needlesslyEncodedPathIsTheSamePath() {
        assertThat(PartnerClient.root().send("GET", "/%6frganisations?limit=1").status())
                .isEqualTo(200);
    }
}
