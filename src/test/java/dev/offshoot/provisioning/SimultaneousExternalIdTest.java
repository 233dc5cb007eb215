package dev.offshoot.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Together;
import dev.offshoot.testing.Tree;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many requests at once for one external id, of which one may have it. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
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

    @ParameterizedTest
    @ValueSource(ints = {8, 32, 64})
    void manyThatPutTheSameExternalIdGetTheOneOrganisation(int many) throws Exception {
        var partner = PartnerClient.newPartner();
        warmUp();
        Callable<Answer> put = () -> partner.put("x", PartnerClient.body("Customer"));

        var answers = new ArrayList<Answer>();
        var commands = Commands.during(() -> answers.addAll(together(many, put)));

        var created = answers.stream()
                .filter(SimultaneousExternalIdTest::tellsOfACreation)
                .toList();
        assertThat(created).hasSize(1);
        var organisation = PartnerClient.created(created.get(0)).organisation();
        assertThat(answers)
                .filteredOn(answer -> !tellsOfACreation(answer))
                .hasSize(many - 1)
                .allSatisfy(answer -> assertThat(PartnerClient.found(answer)).isEqualTo(organisation));
        assertThat(commands)
                .as("only one tries to create it")
                .filteredOn("insert"::equals)
                .hasSize(2);
        assertThat(partner.list("").organisations()).containsExactly(organisation);
        assertThat(Tree.keysOf(partner)).as("the others leave no keys").hasSize(1);
    }

    @Test
    void whoPutsIsNotRefusedWhileOthersPostAndDelete() throws Exception {
        var partner = PartnerClient.newPartner();
        var body = PartnerClient.body("Customer");
        body.put("partner_external_id", "x");
        Callable<Answer> put = () -> partner.put("x", PartnerClient.body("Customer"));
        Callable<Answer> post = () -> partner.send("POST", "/organisations", body);
        for (var round = 0; round < ROUNDS; round++) {
            var there =
                    put.call().json().at("/data/organisation/organisation_id").textValue();
            Callable<Answer> delete = () -> partner.send("DELETE", "/organisations/" + there);

            var answers = Together.run(List.of(put, delete, put, post, put, post, put));

            assertThat(answers).extracting(Answer::status).isSubsetOf(200, 409);
            assertThat(List.of(answers.get(0), answers.get(2), answers.get(4), answers.get(6)))
                    .extracting(Answer::status)
                    .containsOnly(200);
            assertThat(partner.list("?partner_external_id=x").total()).isLessThanOrEqualTo(1);
        }
        assertThat(partner.list("").total()).isLessThanOrEqualTo(1);
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

    private static List<Answer> together(int many, Callable<Answer> call) {
        try {
            return Together.run(Collections.nCopies(many, call));
        } catch (InterruptedException | ExecutionException failure) {
            throw new AssertionError(failure);
        }
    }

    private static boolean tellsOfACreation(Answer answer) {
        return answer.body().contains("\"create_organisation_successful\"");
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
