package dev.offshoot.api.partner;

import static dev.offshoot.testing.PartnerClient.keysOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.offshoot.apikey.KeyUses;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.Commands;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.PartnerClient.Key;
import dev.offshoot.testing.ProxiedInstallation;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * When and from where a key was used last. On a service of its own: another has noted the keys of all tests before, which
 * the embedded database would take long to write down.
 */
@QuarkusTest
@WithTestResource(value = ProxiedInstallation.class, scope = TestResourceScope.MATCHING_RESOURCES)
class LastUseTest {
    private static final String OWN = "/api-keys";
    private final Instant later = Instant.now().plus(Duration.ofDays(30)).truncatedTo(ChronoUnit.MILLIS);

    @Inject
    KeyUses uses;

    private final PartnerClient partner = PartnerClient.newPartner();
    private final Created child = partner.createPartner("Child");

    @Test
    void listOfTheSubtreeNamesOrganisationsAndFindsStaleKeys() {
        var grandchild = PartnerClient.of(child).create("Grandchild");
        var old = partner.mint(keysOf(child.id()), "org_owner");
        var ending = partner.mint(
                keysOf(child.id()),
                Map.of("name", "Ending", "roles", List.of("standard"), "expires_at", later.toString()));
        CloudManagerClient.with(old.secret()).orgs("");
        uses.flush().await().indefinitely();

        var all = partner.keys(OWN + "?scope=subtree");
        var unused = partner.keys(
                OWN + "?scope=subtree&unused_since=" + Instant.now().minusSeconds(60));
        var expiring = partner.keys(OWN + "?scope=subtree&expires_before=" + later.plusMillis(1));

        assertThat(all).extracting(Key::organisationId).contains(child.id(), grandchild.id());
        assertThat(all).extracting(Key::id).contains(old.id(), ending.id()).hasSize(7);
        assertThat(unused).extracting(Key::id).contains(ending.id()).doesNotContain(old.id());
        assertThat(expiring).extracting(Key::id).containsExactly(ending.id());
        assertThat(partner.keys(OWN + "?scope=subtree&expires_before=" + later)).isEmpty();
        assertThat(partner.keys(OWN + "?scope=self")).hasSize(2).isEqualTo(partner.keys(OWN));
    }

    @Test
    void lastUseIsKnownAfterAFlushWithoutAWritePerRequest() {
        var key = partner.mint(keysOf(child.id()), "partner");
        var client = PartnerClient.with(key.secret());
        client.list("");
        var before = Instant.now();

        var commands = Commands.during(() -> client.list(""));
        uses.flush().await().indefinitely();

        assertThat(commands).doesNotContain("update", "insert");
        var shown = partner.key(path(key));
        assertThat(shown.lastUsedFrom()).isEqualTo("127.0.0.1");
        assertThat(shown.lastUsedAt()).isCloseTo(before, within(5, ChronoUnit.SECONDS));
    }

    @Test
    void entriesThatStayOnAListKeepTheirCounts() {
        var key = partner.mint(
                keysOf(child.id()),
                Map.of("name", "K", "roles", List.of("org_owner"), "allowed_ips", List.of("127.0.0.1")));
        CloudManagerClient.with(key.secret()).orgs("");
        uses.flush().await().indefinitely();

        partner.changeKey(path(key), Map.of("allowed_ips", List.of("10.0.0.0/8", "127.0.0.1")));

        var entries = CloudManagerClient.of(partner)
                .accessList(child.id(), key.id(), "")
                .results();
        assertThat(entries)
                .extracting(CloudManagerClient.Entry::cidrBlock)
                .containsExactly("10.0.0.0/8", "127.0.0.1/32");
        assertThat(entries.get(0).count()).isZero();
        assertThat(entries.get(1).count()).isPositive();
    }

    @Test
    void lastUseOfAVerifiedKeyIsItsHoldersAndNotTheAskers() {
        var key = partner.mint(keysOf(child.id()), "standard");
        partner.verify(Map.of("api_key", key.secret(), "ip", "198.51.100.7"));
        uses.flush().await().indefinitely();

        assertThat(partner.key(keysOf(child.id()) + "/" + key.id()).lastUsedFrom())
                .isEqualTo("198.51.100.7");
    }

    private String path(Key key) {
        return keysOf(child.id()) + "/" + key.id();
    }
}
