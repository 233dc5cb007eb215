package dev.offshoot.api.cloudmanager;

import static dev.offshoot.testing.CloudManagerClient.error;
import static dev.offshoot.testing.CloudManagerClient.invitationBody;
import static dev.offshoot.testing.CloudManagerClient.invitePath;
import static dev.offshoot.testing.CloudManagerClient.invitesPath;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.CloudManagerClient.Invitation;
import dev.offshoot.testing.Guests;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.PartnerClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Invitations as clients see them. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class InvitationResourceTest {
    private static final String UNKNOWN = "0123456789abcdef01234567";
    private static final String ADA = "ada@example.com";

    private final PartnerClient partner = PartnerClient.newPartner();
    private final CloudManagerClient client = CloudManagerClient.of(partner);
    private final MonoidClient monoid = MonoidClient.of(partner);
    private final String org = client.create("Org").id();

    @Test
    void invitationHasItsFields() {
        var sent = Map.of("username", "Ada@Example.com", "roles", List.of("ORG_MEMBER"), "teamIds", List.of(UNKNOWN));

        var answer = client.send("POST", invitesPath(org), sent);

        var made = CloudManagerClient.read(answer, 200, Invitation.class);
        assertThat(answer.header("X-MongoDB-Service-Version")).isNotEmpty();
        assertThat(made.id()).matches("[a-f0-9]{24}");
        assertThat(made.expiresAt()).isEqualTo(made.createdAt().plus(Duration.ofDays(30)));
        assertThat(made)
                .isEqualTo(new Invitation(
                        made.createdAt(),
                        made.expiresAt(),
                        made.id(),
                        client.keyId(),
                        org,
                        "Org",
                        List.of("ORG_MEMBER"),
                        List.of(),
                        "Ada@Example.com"));
        assertThat(client.invitation(org, made.id())).isEqualTo(made);
        assertThat(client.invites(org, "")).containsExactly(made);
    }

    @Test
    void listIsABareArrayInOrderOfIds() {
        assertThat(client.send("GET", invitesPath(org)).body()).isEqualTo("[]");

        var made = Stream.of("c@example.com", "a@example.com", "b@example.com")
                .map(username -> client.invite(org, username, "ORG_MEMBER"))
                .toList();

        assertThat(client.invites(org, "")).isEqualTo(made).isSortedAccordingTo((a, b) -> a.id().compareTo(b.id()));
        var enveloped = client.send("GET", invitesPath(org) + "?envelope=true").json();
        assertThat(enveloped.fieldNames()).toIterable().containsExactly("status", "content");
        assertThat(enveloped.get("content")).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "?username=ada@example.com, 1",
        "?username=ADA%40EXAMPLE.COM, 1",
        "?username=, 2",
        "?username=nobody@example.com, 0",
        "?username=ada, 0",
        "?itemsPerPage=1, 2"
    })
    void usernameFilters(String query, int found) {
        client.invite(org, "Ada@example.com", "ORG_MEMBER");
        client.invite(org, "grace@example.com", "ORG_MEMBER");

        assertThat(client.invites(org, query)).hasSize(found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?username=a@b&username=a@b", "?envelope=yes", "?pretty="})
    void badParameterIsRefused(String query) {
        assertThat(error(client.send("GET", invitesPath(org) + query), 400).errorCode())
                .isEqualTo("INVALID_QUERY_PARAMETER");
    }

    @Test
    void rolesChangeAndNothingElse() {
        var made = client.invite(org, ADA, "ORG_MEMBER");

        var byId = client.changeInvitation(org, made.id(), "ORG_READ_ONLY", "ORG_GROUP_CREATOR", "ORG_READ_ONLY");
        var byName = CloudManagerClient.read(
                client.send("PATCH", invitesPath(org), invitationBody("ADA@example.com", "ORG_OWNER")),
                200,
                Invitation.class);

        assertThat(byId).isEqualTo(withRoles(made, "ORG_READ_ONLY", "ORG_GROUP_CREATOR"));
        assertThat(byName).isEqualTo(withRoles(made, "ORG_OWNER")).isEqualTo(client.invitation(org, made.id()));
    }

    @Test
    void removedInvitationIsGoneAndTheAddressMayBeInvitedAgain() {
        var made = client.invite(org, ADA, "ORG_MEMBER");

        client.removeInvitation(org, made.id());

        assertUnknown(made.id());
        assertThat(client.invites(org, "")).isEmpty();
        var again = client.invite(org, ADA, "ORG_OWNER");
        assertThat(again.id()).isNotEqualTo(made.id());
        assertUnknown(made.id());
        assertThat(client.invitation(org, again.id())).isEqualTo(again);
    }

    @Test
    void unknownInvitationIsNotFound() {
        var elsewhere = client.create("Other").id();
        var other = client.invite(elsewhere, ADA, "ORG_MEMBER").id();

        for (var id : List.of(UNKNOWN, "x", other, other.toUpperCase(Locale.ROOT), "ada%40example.com")) {
            assertUnknown(id);
        }
        var byName = error(client.send("PATCH", invitesPath(org), invitationBody(ADA, "ORG_OWNER")), 404);
        assertThat(byName.errorCode()).isEqualTo("INVITATION_NOT_FOUND");
        assertThat(byName.parameters()).isEmpty();
        assertThat(client.invites(elsewhere, "")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "ada@example.com, ADA@Example.COM",
        "ädä@example.com, ÄDÄ@EXAMPLE.COM",
        "straße@example.com, STRASSE@example.com",
        "e\u0301@example.com, É@example.com"
    })
    void openInvitationIsNotMadeTwice(String first, String second) {
        var made = client.invite(org, first, "ORG_MEMBER");

        var again = error(client.send("POST", invitesPath(org), invitationBody(second, "ORG_OWNER")), 409);

        assertThat(again.errorCode()).isEqualTo("USER_ALREADY_INVITED");
        assertThat(client.invites(org, "")).containsExactly(made);
    }

    @Test
    void sameAddressMayBeInvitedToAnotherOrganisation() {
        var child = client.create("Other").id();

        client.invite(org, ADA, "ORG_MEMBER");
        client.invite(child, ADA, "ORG_MEMBER");

        assertThat(client.invites(org, "")).hasSize(1);
        assertThat(client.invites(child, "")).hasSize(1);
    }

    @Test
    void memberIsNotInvited() {
        monoid.addMember(org, member("a", ADA));
        monoid.addMember(org, Map.of("userId", "nameless", "role", "member"));

        var refused = error(client.send("POST", invitesPath(org), invitationBody("ADA@example.com", "ORG_OWNER")), 409);

        assertThat(refused.errorCode()).isEqualTo("USER_ALREADY_IN_ORG");
        assertThat(client.invites(org, "")).isEmpty();
        assertThat(client.invite(client.create("Other").id(), ADA, "ORG_OWNER").username())
                .isEqualTo(ADA);
    }

    @Test
    void memberThatIsAddedHasItsInvitationEnded() {
        var ada = client.invite(org, "Ada@Example.com", "ORG_MEMBER");
        var grace = client.invite(org, "grace@example.com", "ORG_MEMBER");

        monoid.addMember(org, member("a", "aDA@example.com"));

        assertUnknown(ada.id());
        assertThat(client.invites(org, "")).containsExactly(grace);
        monoid.addMember(org, member("owner", "owner@example.com"));
        monoid.removeMember(org, "a");
        assertUnknown(ada.id());
        assertThat(client.invite(org, ADA, "ORG_MEMBER").id()).isNotEqualTo(ada.id());
    }

    @Test
    void memberThatIsGivenAnAddressHasItsInvitationEnded() {
        monoid.addMember(org, member("a", "old@example.com"));
        var ada = client.invite(org, ADA, "ORG_MEMBER");

        monoid.changeMember(org, "a", Map.of("name", "Ada"));
        assertThat(client.invitation(org, ada.id())).isEqualTo(ada);
        monoid.changeMember(org, "a", Map.of("email", "ADA@example.com"));

        assertUnknown(ada.id());
        assertThat(error(client.send("POST", invitesPath(org), invitationBody(ADA, "ORG_OWNER")), 409)
                        .errorCode())
                .isEqualTo("USER_ALREADY_IN_ORG");
        assertThat(client.invite(org, "old@example.com", "ORG_MEMBER").username())
                .isEqualTo("old@example.com");
        var withoutAddress = new HashMap<String, Object>();
        withoutAddress.put("email", null);
        monoid.changeMember(org, "a", withoutAddress);
        assertThat(client.invite(org, ADA, "ORG_MEMBER").username()).isEqualTo(ADA);
    }

    @Test
    void invitationsOfADeletedOrganisationAreNotThere() {
        var made = client.invite(org, ADA, "ORG_MEMBER").id();

        client.delete(org);

        for (var answer : List.of(
                client.send("GET", invitesPath(org)),
                client.send("POST", invitesPath(org), invitationBody("b@example.com", "ORG_OWNER")),
                client.send("PATCH", invitesPath(org), invitationBody(ADA, "ORG_OWNER")),
                client.send("GET", invitePath(org, made)),
                client.send("PATCH", invitePath(org, made), Map.of("roles", List.of("ORG_OWNER"))),
                client.send("DELETE", invitePath(org, made)))) {
            assertThat(error(answer, 404).errorCode()).isEqualTo("ORG_NOT_FOUND");
        }
    }

    @Test
    void inviterAboveTheCallersTreeIsNotShown() {
        var made = client.invite(org, ADA, "ORG_MEMBER");
        var owner =
                CloudManagerClient.with(client.mint(org, "Owner", "ORG_OWNER").privateKey());
        var own = owner.invite(org, "b@example.com", "ORG_MEMBER");

        assertThat(made.inviterUsername()).isEqualTo(client.keyId());
        assertThat(owner.invitation(org, made.id()).inviterUsername()).isEqualTo("PARENT_ORGANIZATION");
        assertThat(owner.invites(org, ""))
                .extracting(Invitation::inviterUsername)
                .containsExactly("PARENT_ORGANIZATION", owner.keyId());
        assertThat(client.invites(org, ""))
                .extracting(Invitation::inviterUsername)
                .containsExactly(client.keyId(), owner.keyId());
        assertThat(own.inviterUsername()).isEqualTo(owner.keyId());
    }

    @Test
    void invitationInThePlaceOfAnExpiredOneIsOfItsOwnInviter() {
        var owner =
                CloudManagerClient.with(client.mint(org, "Owner", "ORG_OWNER").privateKey());
        owner.invite(org, ADA, "ORG_MEMBER");
        Guests.expire(org, ADA);

        var made = client.invite(org, ADA, "ORG_MEMBER");

        assertThat(client.invitation(org, made.id()).inviterUsername()).isEqualTo(client.keyId());
        assertThat(owner.invitation(org, made.id()).inviterUsername()).isEqualTo("PARENT_ORGANIZATION");
    }

    @Test
    void ownerInvitesToItsOwnOrganisationAndBeneath() {
        var own = client.orgs("").results().get(0).id();
        var owner =
                CloudManagerClient.with(client.mint(own, "Owner", "ORG_OWNER").privateKey());
        var reader = CloudManagerClient.with(
                client.mint(own, "Reader", "ORG_READ_ONLY").privateKey());

        var made = owner.invite(own, ADA, "ORG_OWNER");
        owner.invite(org, ADA, "ORG_OWNER");

        assertThat(made.inviterUsername()).isEqualTo(owner.keyId());
        assertThat(reader.invites(own, "")).containsExactly(made);
        assertThat(error(reader.send("POST", invitesPath(own), invitationBody("b@example.com", "ORG_OWNER")), 403)
                        .errorCode())
                .isEqualTo("USER_UNAUTHORIZED");
    }

    static Stream<String> goodUsernames() {
        return Stream.of("a@b", longest(), "o'hara+tag@sub.example.com", "ユーザー@例え.jp");
    }

    @ParameterizedTest
    @MethodSource("goodUsernames")
    void addressIsKeptAsItWasSent(String username) {
        assertThat(client.invite(org, username, "ORG_MEMBER").username()).isEqualTo(username);
        assertThat(client.invites(org, "?username=" + URLEncoder.encode(username, UTF_8)))
                .hasSize(1);
    }

    static Stream<String> badUsernames() {
        return Stream.of(longest() + "m", "", "ada", "a@b@c", "@b", "a@", "a b@c", " a@b", "a@b\u0000", "a\u200b@b");
    }

    @ParameterizedTest
    @MethodSource("badUsernames")
    void badAddressIsRefused(String username) {
        for (var method : List.of("POST", "PATCH")) {
            var refused = error(client.send(method, invitesPath(org), invitationBody(username, "ORG_MEMBER")), 400);

            assertThat(refused.errorCode()).isEqualTo("INVALID_ATTRIBUTE");
            assertThat(refused.parameters()).containsExactly("username");
        }
    }

    @Test
    void everyRoleIsTakenAndEachIsShownOnce() {
        var all = List.of("ORG_MEMBER", "ORG_READ_ONLY", "ORG_BILLING_ADMIN", "ORG_GROUP_CREATOR", "ORG_OWNER");
        var twice = Stream.concat(all.stream(), all.stream()).toArray(String[]::new);

        var made = client.invite(org, ADA, twice);

        assertThat(made.roles()).isEqualTo(all);
        assertThat(client.changeInvitation(org, made.id(), twice).roles()).isEqualTo(all);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"username":"a@b"}                                            | MISSING_ATTRIBUTE  | roles
            {"username":"a@b","roles":null}                               | MISSING_ATTRIBUTE  | roles
            {"username":"a@b","roles":[]}                                 | INVALID_ATTRIBUTE  | roles
            {"username":"a@b","roles":"ORG_OWNER"}                        | INVALID_ATTRIBUTE  | roles
            {"username":"a@b","roles":[null]}                             | INVALID_ATTRIBUTE  | roles
            {"username":"a@b","roles":[1]}                                | INVALID_ATTRIBUTE  | roles
            {"username":"a@b","roles":["ORG_ADMIN"]}                      | INVALID_ENUM_VALUE | roles
            {"username":"a@b","roles":["org_owner"]}                      | INVALID_ENUM_VALUE | roles
            {"username":"a@b","roles":["ORG_OWNER","GROUP_OWNER"]}        | INVALID_ENUM_VALUE | roles
            {"username":"a@b","roles":["ORG_OWNER"],"teamIds":"x"}        | INVALID_ATTRIBUTE  | teamIds
            {"username":"a@b","roles":["ORG_OWNER"],"teamIds":[1]}        | INVALID_ATTRIBUTE  | teamIds
            """)
    void badBodyIsRefusedAndItsAttributeNamed(String body, String code, String attribute) {
        var made = client.invite(org, ADA, "ORG_MEMBER");
        for (var answer : List.of(
                client.sendText("POST", invitesPath(org), body),
                client.sendText("PATCH", invitesPath(org), body),
                client.sendText("PATCH", invitePath(org, made.id()), body))) {
            assertThat(error(answer, 400).errorCode()).isEqualTo(code);
            assertThat(error(answer, 400).parameters()).containsExactly(attribute);
        }
        assertThat(client.invites(org, "")).containsExactly(made);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"roles":["ORG_OWNER"]}                    | MISSING_ATTRIBUTE
            {"username":null,"roles":["ORG_OWNER"]}    | MISSING_ATTRIBUTE
            {"username":1,"roles":["ORG_OWNER"]}       | INVALID_ATTRIBUTE
            """)
    void addressIsRequired(String body, String code) {
        for (var method : List.of("POST", "PATCH")) {
            var refused = error(client.sendText(method, invitesPath(org), body), 400);

            assertThat(refused.errorCode()).isEqualTo(code);
            assertThat(refused.parameters()).containsExactly("username");
        }
    }

    private void assertUnknown(String id) {
        for (var answer : List.of(
                client.send("GET", invitePath(org, id)),
                client.send("PATCH", invitePath(org, id), Map.of("roles", List.of("ORG_OWNER"))),
                client.send("DELETE", invitePath(org, id)))) {
            assertThat(error(answer, 404).errorCode()).isEqualTo("INVITATION_NOT_FOUND");
        }
    }

    private static Invitation withRoles(Invitation made, String... roles) {
        return new Invitation(
                made.createdAt(),
                made.expiresAt(),
                made.id(),
                made.inviterUsername(),
                made.orgId(),
                made.orgName(),
                List.of(roles),
                made.teamIds(),
                made.username());
    }

    private static Map<String, Object> member(String userId, String email) {
        return Map.of("userId", userId, "role", "member", "email", email);
    }

    /** 254 characters. */
    private static String longest() {
        return "a".repeat(242) + "@example.com";
    }
}
