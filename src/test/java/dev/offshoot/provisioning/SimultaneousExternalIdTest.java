package dev.offshoot.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.EmptyInstallation;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Together;
import dev.offshoot.testing.Tree;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many requests at once for one external id, of which one may have it. */
@QuarkusTest
@WithTestResource(value = EmptyInstallation.class, scope = TestResourceScope.MATCHING_RESOURCES)
class SimultaneousExternalIdTest {
    private static final int ROUNDS = 20;

    @ParameterizedTest
    @ValueSource(ints = {8, 32, 64})
    void oneOfManyWithTheSameExternalIdSucceeds(int many) throws Exception {
        var partner = PartnerClient.newPartner();
        warmUp();
        var body = PartnerClient.body("Customer");
        body.put("partner_external_id", "x");
        Callable<Answer> create = () -> partner.send("POST", "/organisations", body);

        var answers = Together.run(Collections.nCopies(many, create));

        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
        assertThat(answers).filteredOn(answer -> answer.status() != 200).allSatisfy(answer -> assertThat(
                        PartnerClient.error(answer, 409).code())
                .isEqualTo("partner_external_id_taken"));
        assertThat(partner.list("").total()).isEqualTo(1);
        assertThat(Tree.keysOf(partner)).as("the others leave no keys").hasSize(1);
    }

    @Test
    void siblingsThatSwapTheirExternalIdsAreRefusedOrChanged() throws Exception {
        var partner = PartnerClient.newPartner();
        var siblings = List.of(partner.create("A").id(), partner.create("B").id());
        for (var round = 0; round < ROUNDS; round++) {
            for (var each = 0; each < 2; each++) {
                partner.update(siblings.get(each), Map.of("partner_external_id", "id " + round + " " + each));
            }
            var first = rename(partner, siblings.get(0), "id " + round + " 1");
            var second = rename(partner, siblings.get(1), "id " + round + " 0");

            var answers = Together.run(List.of(first, second));

            assertThat(answers)
                    .allSatisfy(answer ->
                            assertThat(answer.status()).as(answer.body()).isIn(200, 409));
            assertThat(partner.list("").organisations())
                    .extracting(PartnerClient.Organisation::externalId)
                    .doesNotHaveDuplicates();
        }
    }

    private static Callable<Answer> rename(PartnerClient partner, String id, String externalId) {
        return () -> partner.send("PATCH", "/organisations/" + id, Map.of("partner_external_id", externalId));
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
