package dev.offshoot.api.partner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Stored;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What calls cost the database, when the caller's key was used within the last second and when it was not. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class CommandCountTest {
    private final PartnerClient partner = PartnerClient.newPartner();

    @Test
    void callsWithACachedCallerTakeOnlyTheirOwnCommands() {
        var id = partner.create("A").id();
        Stored.confirm(id);
        assertThat(Commands.during(() -> partner.get(id))).containsExactly("find");
        assertThat(Commands.during(() -> partner.create("B"))).containsExactly("insert", "insert");
        assertThat(Commands.during(() -> partner.list(""))).containsExactlyInAnyOrder("find", "aggregate");
        assertThat(Commands.during(() -> partner.update(id, Map.of("organisation_name", "C"))))
                .containsExactly("find", "update");
        assertThat(Commands.during(() -> partner.update(id, Map.of("partner_external_id", "x"))))
                .as("look for the new external id too")
                .containsExactly("find", "find", "update");
        assertThat(Commands.during(
                        () -> partner.update(id, Map.of("organisation_name", "D", "partner_external_id", "x"))))
                .containsExactly("find", "update");
        assertThat(Commands.during(() -> partner.delete(id)))
                .containsExactly("find", "update", "find", "update", "find", "update");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?partner_external_id=a",
                "?organisation_key=a-0123456789ab",
                "?organisation_name=a",
                "?scope=subtree&include_deleted=true&partner_external_id=a&organisation_name=a"
            })
    void listOfWantedAttributesTakesTwoCommands(String query) {
        partner.list("");

        assertThat(Commands.during(() -> partner.list(query))).containsExactlyInAnyOrder("find", "aggregate");
    }

    @Test
    void callsByExternalIdTakeOneCommandAndACreationThree() {
        partner.list("");
        var body = PartnerClient.body("A");

        assertThat(Commands.during(() -> partner.put("a", body))).containsExactly("find", "insert", "insert");
        assertThat(Commands.during(() -> partner.put("a", body))).containsExactly("find");
        assertThat(Commands.during(() -> partner.getByExternalId("a"))).containsExactly("find");
    }

    @Test
    void findingOutWhoCallsTakesTwoMore() {
        assertThat(Commands.during(() -> partner.send("GET", "/organisations/malformed")))
                .containsExactly("find", "find", "find");
    }

    @Test
    void keyWithABadChecksumCostsTheDatabaseNothing() {
        var mistyped = PartnerClient.with(partner.key() + "x");

        assertThat(Commands.during(() -> mistyped.send("GET", "/organisations")))
                .isEmpty();
    }
}
