package dev.offshoot.api.cloudmanager;

import static dev.offshoot.testing.CloudManagerClient.keyPath;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Stored;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What calls cost the database: a read no command more than with {@code x-api-key}, a write one more, the nonce's. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class CloudManagerCommandCountTest {
    private final PartnerClient partner = PartnerClient.newPartner();
    private final CloudManagerClient client = CloudManagerClient.of(partner);
    private final String own = client.orgs("").results().get(0).id();

    @Test
    void readsTakeTheirOwnCommandsOnly() {
        var id = partner.create("A").id();

        assertThat(cached(() -> client.org(id))).isEqualTo(cached(() -> partner.get(id)));
        assertThat(cached(() -> client.org(id))).containsExactly("find");
        assertThat(cached(() -> client.orgs(""))).containsExactlyInAnyOrder("find", "aggregate");
        assertThat(cached(() -> client.orgs("?includeCount=false"))).containsExactly("find");
        assertThat(cached(() -> client.send("GET", "/orgs/" + id + "/teams"))).containsExactly("find");
        assertThat(cached(() -> client.send("GET", "/orgs/" + id + "/users")))
                .containsExactlyInAnyOrder("find", "find", "aggregate");
        assertThat(cached(() -> client.send("GET", "/orgs/" + id + "/users/" + id)))
                .containsExactly("find", "find");
        assertThat(cached(() -> client.send("GET", "/orgs/" + id + "/users/nobody")))
                .containsExactly("find");
        assertThat(cached(() -> client.send("GET", "/groups"))).isEmpty();
        assertThat(cached(() -> client.send("GET", ""))).isEmpty();
    }

    @Test
    void writesTakeOneMoreThanOnThePartnerApi() {
        var id = partner.create("A").id();

        assertThat(cached(() -> client.rename(id, "B"))).isEqualTo(withNonce(cached(() -> rename(id, "C"))));
        assertThat(cached(() -> client.rename(id, "D"))).containsExactly("insert", "find", "update");
        // No keys are made, which takes the Partner API one more.
        assertThat(cached(() -> client.create("B"))).containsExactly("insert", "insert");
        var other = partner.create("C").id();
        Stored.confirm(id);
        Stored.confirm(other);
        var deleting = cached(() -> partner.delete(other));
        partner.get(id);
        assertThat(cached(() -> client.delete(id))).isEqualTo(withNonce(deleting));
        assertThat(deleting).containsExactly("find", "update", "find", "update", "find", "update");
    }

    @Test
    void keysAndTheirListsTakeTheOrganisationsLookUpToo() {
        var key = client.mint(own, "A", "ORG_OWNER").id();
        client.allow(own, key, "192.0.2.1");

        assertThat(cached(() -> client.keys(own, ""))).containsExactlyInAnyOrder("find", "find", "aggregate");
        assertThat(cached(() -> client.key(own, key))).containsExactly("find", "find");
        assertThat(cached(() -> client.accessList(own, key, ""))).containsExactly("find", "find");
        assertThat(cached(() -> client.mint(own, "B", "ORG_OWNER"))).containsExactly("insert", "find", "insert");
        assertThat(cached(() -> client.change(own, key, Map.of("desc", "B"))))
                .containsExactly("insert", "find", "find", "update");
        assertThat(cached(() -> client.allow(own, key, "192.0.2.2")))
                .containsExactly("insert", "find", "find", "update", "find");
        assertThat(cached(() -> client.send("DELETE", keyPath(own, key) + "/accessList/192.0.2.1")))
                .containsExactly("insert", "find", "find", "update");
        assertThat(cached(() -> client.revoke(own, key))).containsExactly("insert", "find", "find", "update");
    }

    @Test
    void invitationsTakeTheOrganisationsLookUpAndOneWriteEach() {
        var id = partner.create("A").id();
        var made = client.invite(id, "ada@example.com", "ORG_MEMBER").id();
        var body = CloudManagerClient.invitationBody("ADA@example.com", "ORG_OWNER");
        var path = CloudManagerClient.invitesPath(id);

        // The nonce, the organisation, the invitation, whether the person is a member, the invitation's confirmation.
        assertThat(cached(() -> client.invite(id, "grace@example.com", "ORG_MEMBER")))
                .containsExactly("insert", "find", "insert", "find", "update");
        assertThat(cached(() -> client.invites(id, ""))).containsExactly("find", "find");
        assertThat(cached(() -> client.invites(id, "?username=ada@example.com")))
                .containsExactly("find", "find");
        assertThat(cached(() -> client.invitation(id, made))).containsExactly("find", "find");
        assertThat(cached(() -> client.send("GET", path + "/x"))).containsExactly("find");
        assertThat(cached(() -> client.changeInvitation(id, made, "ORG_OWNER")))
                .containsExactly("insert", "find", "find", "update");
        assertThat(cached(() -> client.send("PATCH", path, body))).containsExactly("insert", "find", "find", "update");
        assertThat(cached(() -> client.send("POST", path, body)))
                .containsExactly("insert", "find", "insert", "find", "find");
        assertThat(cached(() -> client.removeInvitation(id, made))).containsExactly("insert", "find", "delete");
    }

    @Test
    void findingOutWhoCallsTakesTwoMore() {
        var fresh =
                CloudManagerClient.with(client.mint(own, "Fresh", "ORG_OWNER").privateKey());

        assertThat(Commands.during(() -> fresh.org(own))).containsExactly("find", "find", "find");
    }

    @Test
    void unknownCallerCostsOneLookUpAtMostAndAChallengeNothing() {
        var nobody = CloudManagerClient.with(null);
        var wrong = CloudManagerClient.with(Objects.requireNonNull(partner.key()) + "x");
        client.orgs("");

        assertThat(Commands.during(() -> nobody.send("POST", "/orgs", Map.of("name", "A"))))
                .isEmpty();
        assertThat(Commands.during(() -> wrong.send("GET", "/orgs"))).hasSizeLessThanOrEqualTo(1);
    }

    /** The commands of the call when the caller's key was used just before, through whichever API. */
    private List<String> cached(Runnable call) {
        client.send("GET", "");
        return Commands.during(call);
    }

    private static List<String> withNonce(List<String> commands) {
        return Stream.concat(Stream.of("insert"), commands.stream()).toList();
    }

    private void rename(String id, String name) {
        partner.update(id, Map.of("organisation_name", name));
    }
}
