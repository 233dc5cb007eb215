package dev.offshoot.api.partner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Installation.class)
class OrganisationResourceTest {

    @Test
    void createdOrganisationReadsBackAsItWasAnswered() {
        var partner =
                PartnerClient.with(PartnerClient.root().createPartner("Partner").partnerKey());

        var created = partner.create("Example Child Organisation");

        assertThat(partner.get(created.id())).isEqualTo(created.organisation());
    }

    @Test
    void countsCommands() {
        var partner =
                PartnerClient.with(PartnerClient.root().createPartner("Partner").partnerKey());
        var id = partner.create("A").id();
        assertThat(Commands.during(() -> partner.get(id))).containsExactly("find");
        assertThat(Commands.during(() -> partner.create("B"))).containsExactly("insert", "insert", "find", "update");
        assertThat(Commands.during(() -> partner.list(""))).containsExactlyInAnyOrder("find", "aggregate");
        assertThat(Commands.during(() -> partner.delete(id)))
                .containsExactly("find", "update", "update", "find", "update");
    }
}
