package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.testing.Together;
import dev.offshoot.testing.Tree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many requests at once for one external id, on two replicas: one may have it, and the others hear that it is taken. */
class ExternalIdReplicasIT {
    private static final int ROUNDS = 5;

    /** A database that stands still for two seconds makes everything a 503, and that once; writes in deadlocks do so each time. */
    private static final int TRIES = 2;

    @TempDir
    static Path folder;

    private static ServiceProcess here;
    private static ServiceProcess there;

    private PartnerClient partner;
    private PartnerClient partnerThere;

    @BeforeAll
    static void startTwoReplicas() throws Exception {
        here = ServiceProcess.startReplica(folder, TestDatabase.uri());
        there = ServiceProcess.startReplica(folder, TestDatabase.uri());
        for (var replica : List.of(here, there)) {
            warmUp(replica);
        }
    }

    @AfterAll
    static void endThem() {
        here.close();
        there.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 32, 64})
    void oneOfManyWithTheSameExternalIdSucceeds(int many) throws Exception {
        var body = PartnerClient.body("Customer");
        body.put("partner_external_id", "x");

        answered(() -> {
            createAPartner();
            var answers = Together.run(onBoth(many / 2, client -> client.send("POST", "/organisations", body)));

            assertThat(refused(answers)).allSatisfy(ExternalIdReplicasIT::assertTaken);
            assertThat(partner.list("").total()).isLessThanOrEqualTo(1);
            return answers;
        });

        assertOneOrganisationWithItsKey();
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 32, 64})
    void manyThatPutTheSameExternalIdGetTheOneOrganisation(int many) throws Exception {
        var answers = answered(() -> {
            createAPartner();
            return Together.run(onBoth(many / 2, client -> client.put("x", PartnerClient.body("Customer"))));
        });

        assertThat(refused(answers)).isEmpty();
        assertThat(answers)
                .filteredOn(answer -> answer.body().contains("\"create_organisation_successful\""))
                .hasSize(1);
        assertThat(answers)
                .extracting(answer -> answer.json().at("/data/organisation/organisation_id"))
                .containsOnly(answers.get(0).json().at("/data/organisation/organisation_id"));
        assertOneOrganisationWithItsKey();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8})
    void siblingsThatSwapTheirExternalIdsAreRefusedOrChanged(int many) throws Exception {
        createAPartner();
        var siblings = List.of(partner.create("A").id(), partner.create("B").id());
        for (var round = 0; round < ROUNDS; round++) {
            var ids = List.of("a" + round, "b" + round);
            answered(() -> {
                for (var each = 0; each < 2; each++) {
                    partner.update(siblings.get(each), Map.of("partner_external_id", ids.get(each)));
                }
                var answers = Together.run(swaps(many / 2, siblings, ids));

                assertThat(refused(answers)).allSatisfy(ExternalIdReplicasIT::assertTaken);
                assertThat(partner.list("").organisations())
                        .extracting(PartnerClient.Organisation::externalId)
                        .doesNotHaveDuplicates();
                return answers;
            });
        }
    }

    /** The answers of the first try that the database had time for. What holds for every try is asserted in it. */
    private static List<Answer> answered(Callable<List<Answer>> round) throws Exception {
        var answers = round.call();
        for (var tries = 1; tries < TRIES && isAnyUnavailable(answers); tries++) {
            answers = round.call();
        }
        assertThat(answers).noneMatch(answer -> answer.status() == 503);
        return answers;
    }

    private static boolean isAnyUnavailable(List<Answer> answers) {
        return answers.stream().anyMatch(answer -> answer.status() == 503);
    }

    private static List<Answer> refused(List<Answer> answers) {
        return answers.stream()
                .filter(answer -> answer.status() != 200 && answer.status() != 503)
                .toList();
    }

    private void createAPartner() {
        var key = here.client(Installation.rootKey()).createPartner("Partner").partnerKey();
        partner = here.client(key);
        partnerThere = there.client(key);
    }

    private void assertOneOrganisationWithItsKey() {
        assertThat(partner.list("").total()).isEqualTo(1);
        assertThat(Tree.keysOf(partner)).as("the others leave no keys").hasSize(1);
    }

    private List<Callable<Answer>> swaps(int each, List<String> siblings, List<String> ids) {
        var swaps = new ArrayList<Callable<Answer>>();
        for (var swap = 0; swap < each; swap++) {
            var client = swap % 2 == 0 ? partner : partnerThere;
            var other = swap % 2 == 0 ? partnerThere : partner;
            swaps.add(() -> rename(client, siblings.get(0), ids.get(1)));
            swaps.add(() -> rename(other, siblings.get(1), ids.get(0)));
        }
        return swaps;
    }

    private List<Callable<Answer>> onBoth(int each, Function<PartnerClient, Answer> call) {
        return Stream.of(partner, partnerThere)
                .flatMap(client -> Collections.<Callable<Answer>>nCopies(each, () -> call.apply(client)).stream())
                .toList();
    }

    private static Answer rename(PartnerClient client, String id, String externalId) {
        return client.send("PATCH", "/organisations/" + id, Map.of("partner_external_id", externalId));
    }

    private static void assertTaken(Answer answer) {
        assertThat(PartnerClient.error(answer, 409).code()).isEqualTo("partner_external_id_taken");
    }

    /** A service that has just started loads its classes and opens its connections within the first requests. */
    private static void warmUp(ServiceProcess replica) throws Exception {
        var root = replica.client(Installation.rootKey());
        var elsewhere = replica.client(root.createPartner("Elsewhere").partnerKey());
        Callable<Answer> create = () -> elsewhere.send("POST", "/organisations", PartnerClient.body("Warm-up"));
        for (var round = 0; round < 3; round++) {
            Together.run(Collections.nCopies(32, create));
        }
    }
}
