package dev.offshoot.api.partner;

import static dev.offshoot.testing.PartnerClient.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.PartnerClient.Organisation;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Deleting an organisation and all beneath it. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class OrganisationDeletionTest {
    private final PartnerClient partner = PartnerClient.newPartner();

    @Test
    void deletionIsAnsweredWithTheOrganisationAndItsTime() {
        var created = partner.create("A").organisation();

        var deleted = partner.delete(created.id());

        assertThat(deleted)
                .usingRecursiveComparison()
                .ignoringFields("deletedAt", "updatedAt")
                .isEqualTo(created);
        assertThat(deleted.deletedAt()).isNotNull().isAfterOrEqualTo(created.createdAt());
        assertThat(partner.getEvenDeleted(created.id())).isEqualTo(deleted);
    }

    @Test
    void deletedOrganisationIsNotFoundUnlessItIsAskedFor() {
        var id = partner.create("A").id();
        partner.delete(id);
        var path = "/organisations/" + id;

        var answers = List.of(
                partner.send("DELETE", path),
                partner.send("GET", path),
                partner.send("GET", path + "?include_deleted=false"),
                partner.send("PATCH", path, Map.of("organisation_name", "B")),
                partner.send("PATCH", path + "?include_deleted=true", Map.of("organisation_name", "B")),
                partner.send("DELETE", path + "?include_deleted=true"),
                partner.send("GET", path + "/usage?usage_month=2026-04"));

        assertThat(answers)
                .allSatisfy(answer -> assertThat(error(answer, 404).code()).isEqualTo("organisation_not_found"));
        assertThat(partner.getEvenDeleted(id).name()).isEqualTo("A");
        assertThat(partner.send("GET", path + "/usage?usage_month=2026-04&include_deleted=true")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void allBeneathIsDeletedAtTheSameInstantAndNothingBeside() {
        // Given
        var top = partner.createPartner("Top");
        var middle = PartnerClient.of(top).createPartner("Middle");
        var bottom = PartnerClient.of(middle).create("Bottom");
        var earlier = PartnerClient.of(top).create("Deleted earlier");
        var earlierDeleted = PartnerClient.of(top).delete(earlier.id());
        var beside = partner.create("Beside");

        // When
        var deleted = partner.delete(top.id());

        // Then
        assertThat(List.of(middle, bottom))
                .extracting(Created::id)
                .extracting(partner::getEvenDeleted)
                .extracting(Organisation::deletedAt)
                .containsOnly(deleted.deletedAt());
        assertThat(partner.getEvenDeleted(earlier.id()).deletedAt()).isEqualTo(earlierDeleted.deletedAt());
        assertThat(partner.list("?scope=subtree").ids()).containsExactly(beside.id());
        assertThat(partner.list("?scope=subtree&include_deleted=true").ids())
                .containsExactlyInAnyOrder(top.id(), middle.id(), bottom.id(), earlier.id(), beside.id());
    }

    @Test
    void everyKeyBeneathIsRefusedOnTheVeryNextRequest() {
        // Given
        var top = partner.createPartner("Top");
        var middle = PartnerClient.of(top).createPartner("Middle");
        var bottom = PartnerClient.of(middle).create("Bottom");
        var partners = List.of(PartnerClient.of(top), PartnerClient.of(middle));
        var products = List.of(
                PartnerClient.with(top.apiKey()),
                PartnerClient.with(middle.apiKey()),
                PartnerClient.with(bottom.apiKey()));
        partners.forEach(client -> client.list(""));
        products.forEach(OrganisationDeletionTest::use);

        // When
        partner.delete(top.id());

        // Then
        assertThat(partners)
                .extracting(client -> client.send("GET", "/organisations").status())
                .containsOnly(401);
        assertThat(products).extracting(client -> use(client).status()).containsOnly(401);
        assertThat(partner.list("").total()).isZero();
    }

    @Test
    void keysBesideStayGood() {
        var deleted = partner.createPartner("Deleted");
        var beside = partner.createPartner("Beside");

        partner.delete(deleted.id());

        assertThat(PartnerClient.of(beside).list("").total()).isZero();
        assertThat(use(PartnerClient.with(beside.apiKey())).status()).isNotEqualTo(401);
    }

    /** A call that is open to every good key; its body is none. */
    private static Answer use(PartnerClient client) {
        return client.sendText("POST", "/usage-records", "{}");
    }
}
