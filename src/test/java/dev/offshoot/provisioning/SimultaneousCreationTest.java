package dev.offshoot.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.EmptyInstallation;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Together;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Collections;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Many creations at once with one external id, of which one may have it. */
@QuarkusTest
@WithTestResource(value = EmptyInstallation.class, scope = TestResourceScope.MATCHING_RESOURCES)
class SimultaneousCreationTest {

    @Test
    void oneOf64WithTheSameExternalIdSucceeds() throws Exception {
        var partner = PartnerClient.newPartner();
        warmUp();
        var body = PartnerClient.body("Customer");
        body.put("partner_external_id", "x");
        Callable<Answer> create = () -> partner.send("POST", "/organisations", body);

        var answers = Together.run(Collections.nCopies(64, create));

        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
        assertThat(answers).filteredOn(answer -> answer.status() != 200).allSatisfy(answer -> assertThat(
                        PartnerClient.error(answer, 409).code())
                .isEqualTo("partner_external_id_taken"));
        assertThat(partner.list("").total()).isEqualTo(1);
    }

    /**
     * As many creations without an external id: a service that has just been started loads its classes and opens its
     * connections to the database within the first requests, and these have two seconds like all others.
     */
    private static void warmUp() throws Exception {
        var elsewhere = PartnerClient.newPartner();
        Callable<Answer> create = () -> elsewhere.send("POST", "/organisations", PartnerClient.body("Warm-up"));
        for (var round = 0; round < 3; round++) {
            Together.run(Collections.nCopies(64, create));
        }
    }
}
