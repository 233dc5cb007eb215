package dev.offshoot.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Stored;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** One tree, three APIs: what is written through one is there in the other two as soon as it is answered. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class ThreeApisTest {
    private static final String UNKNOWN = "0123456789abcdef01234567";

    private final PartnerClient partner = PartnerClient.newPartner();
    private final CloudManagerClient cloud = CloudManagerClient.of(partner);
    private final MonoidClient monoid = MonoidClient.of(partner);

    @Test
    void createdThroughAnyIsSeenThroughAll() {
        var byPartner =
                partner.create(withExternalId("By the Partner API", "first")).id();
        var byCloudManager = cloud.create("By Cloud Manager").id();
        var byMonoid = monoid.create("third", "By Monoid").objectId();

        assertSeen(byPartner, "By the Partner API", "first");
        assertSeen(byCloudManager, "By Cloud Manager", null);
        assertSeen(byMonoid, "By Monoid", "third");
        var all = List.of(byPartner, byCloudManager, byMonoid);
        assertThat(partner.list("").ids()).isEqualTo(all);
        assertThat(cloud.orgs("").results())
                .extracting(CloudManagerClient.Org::id)
                .endsWith(all.toArray(String[]::new));
        assertThat(monoid.list("").objectIds()).endsWith(all.toArray(String[]::new));
    }

    @Test
    void createdThroughAnyIsWhereItsParentIs() {
        var body = PartnerClient.body("In Berlin");
        body.putAll(Map.of("country", "DE", "division_timezone", "Europe/Berlin", "is_partner", true));
        var berlin = PartnerClient.of(partner.create(body));

        var created = List.of(
                CloudManagerClient.of(berlin).create("A").id(),
                MonoidClient.of(berlin).create(null, "B").objectId());

        assertThat(created).map(berlin::get).allSatisfy(organisation -> {
            assertThat(organisation.country()).isEqualTo("DE");
            assertThat(organisation.partner()).isFalse();
        });
        assertThat(created).map(Stored::organisation).allSatisfy(organisation -> assertThat(
                        organisation.get("division", Document.class).getString("timezone"))
                .isEqualTo("Europe/Berlin"));
    }

    @Test
    void renamedThroughAnyIsRenamedInAll() {
        var id = partner.create(withExternalId("First", "mine")).id();

        partner.update(id, Map.of("organisation_name", "Second"));
        assertSeen(id, "Second", "mine");
        cloud.rename(id, "Third");
        assertSeen(id, "Third", "mine");
        monoid.update("mine", Map.of("name", "Fourth"));
        assertSeen(id, "Fourth", "mine");
    }

    @Test
    void externalIdIsOneForTheApisThatShowIt() {
        var id = monoid.create("mine", "Org").objectId();

        var taken = partner.send("POST", "/organisations", withExternalId("Other", "mine"));
        assertThat(PartnerClient.error(taken, 409).code()).isEqualTo("partner_external_id_taken");
        partner.update(id, Map.of("partner_external_id", "other"));
        assertSeen(id, "Org", "other");
        assertThat(monoid.send("GET", MonoidClient.path("mine")).status()).isEqualTo(404);
        var reused = monoid.create("mine", "New").objectId();
        var takenHere = monoid.send("POST", "/organisations", Map.of("id", "other", "name", "Third"));
        assertThat(MonoidClient.error(takenHere, 409).code()).isEqualTo("id_taken");
        partner.update(id, Collections.singletonMap("partner_external_id", null));
        assertThat(monoid.get(id, "").id()).isEqualTo(id);
        assertThat(monoid.get("mine", "").objectId()).isEqualTo(reused);
    }

    @Test
    void deletedThroughAnyIsGoneFromAllAndItsExternalIdIsFree() {
        var byPartner = partner.create(withExternalId("A", "mine")).id();
        partner.delete(byPartner);
        assertGone(byPartner);
        var byCloudManager = monoid.create("mine", "B").objectId();
        cloud.delete(byCloudManager);
        assertGone(byCloudManager);
        var byMonoid = partner.create(withExternalId("C", "mine")).id();
        monoid.delete("mine");
        assertGone(byMonoid);

        assertThat(partner.list("").ids()).isEmpty();
        assertThat(cloud.orgs("").results()).hasSize(1);
        assertThat(monoid.list("").organisations()).hasSize(1);
        assertThat(partner.list("?include_deleted=true").ids()).containsExactly(byPartner, byCloudManager, byMonoid);
    }

    @Test
    void keyOfAnyWorksOnAllThatItsRolesAllowAndStopsOnAllAtOnce() {
        var sub = partner.createPartner("Sub");
        var minted = cloud.mint(sub.id(), "Owner", "ORG_OWNER");

        var asPartner = PartnerClient.of(sub);
        assertThat(asPartner.list("").ids()).isEmpty();
        assertThat(CloudManagerClient.of(asPartner).orgs("").results()).hasSize(1);
        assertThat(MonoidClient.of(asPartner).list("").objectIds()).containsExactly(sub.id());
        assertThat(CloudManagerClient.with(minted.privateKey()).orgs("").results())
                .hasSize(1);
        assertThat(MonoidClient.with(minted.privateKey()).list("").objectIds()).containsExactly(sub.id());
        assertThat(MonoidClient.with(sub.apiKey()).send("GET", "/organisations").status())
                .isEqualTo(403);

        var owner = minted.privateKey();
        assertThat(PartnerClient.with(owner).keys("/api-keys"))
                .extracting(PartnerClient.Key::id)
                .contains(minted.id());
        cloud.revoke(sub.id(), minted.id());
        assertThat(MonoidClient.with(owner).send("GET", "/organisations").status())
                .isEqualTo(401);
        assertThat(CloudManagerClient.with(owner).send("GET", "/orgs").status()).isEqualTo(401);
        assertThat(PartnerClient.with(owner).send("GET", "/api-keys").status()).isEqualTo(401);
        monoid.delete(sub.id());
        assertThat(asPartner.send("GET", "/organisations").status()).isEqualTo(401);
        assertThat(CloudManagerClient.of(asPartner).send("GET", "/orgs").status())
                .isEqualTo(401);
        assertThat(MonoidClient.of(asPartner).send("GET", "/organisations").status())
                .isEqualTo(401);
    }

    @Test
    void accessListOfTheOneShutsTheOthersToo() {
        var key = cloud.mint(partner.createPartner("Sub").id(), "Elsewhere", "ORG_OWNER");
        var org = key.roles().get(0).orgId();
        cloud.allow(org, key.id(), "192.0.2.1");

        var monoids = MonoidClient.with(key.privateKey()).send("GET", "/organisations");
        var clouds = CloudManagerClient.with(key.privateKey()).send("GET", "/orgs");
        var partners = PartnerClient.with(key.privateKey()).send("GET", "/api-keys");

        assertThat(MonoidClient.error(monoids, 403).code()).isEqualTo("forbidden");
        assertThat(CloudManagerClient.error(clouds, 403).errorCode()).isEqualTo("IP_ADDRESS_NOT_ON_ACCESS_LIST");
        assertThat(PartnerClient.error(partners, 401).code()).isEqualTo("unauthorised");
    }

    @Test
    void membersAreTheUsersOfTheCloudManagerApi() {
        var id = partner.create("Org").id();
        monoid.addMember(
                id, Map.of("userId", "a/1", "role", "owner", "name", "Ada King Lovelace", "email", "ada@example.com"));
        monoid.addMember(id, Map.of("userId", "b", "role", "admin", "name", "Grace"));
        monoid.addMember(id, Map.of("userId", "c", "role", "member"));

        var users = cloud.users(id, "");

        assertThat(users.totalCount()).isEqualTo(3);
        assertThat(users.results())
                .extracting(CloudManagerClient.User::id)
                .doesNotHaveDuplicates()
                .isSorted()
                .allMatch(user -> user.matches("[a-f0-9]{24}"));
        assertThat(users.results())
                .extracting(CloudManagerClient.User::username)
                .containsExactly("ada@example.com", "b", "c");
        assertThat(users.results())
                .extracting(CloudManagerClient.User::emailAddress)
                .containsExactly("ada@example.com", null, null);
        assertThat(users.results())
                .extracting(CloudManagerClient.User::firstName)
                .containsExactly("Ada King", "Grace", "");
        assertThat(users.results())
                .extracting(CloudManagerClient.User::lastName)
                .containsExactly("Lovelace", "", "");
        assertThat(users.results())
                .extracting(user -> user.roles().get(0).roleName())
                .containsExactly("ORG_OWNER", "ORG_MEMBER", "ORG_MEMBER");
        assertThat(users.results()).allSatisfy(user -> {
            assertThat(user.teamIds()).isEmpty();
            assertThat(user.roles().get(0).orgId()).isEqualTo(id);
            var self = user.links().get(0).href();
            var path = self.substring(self.indexOf(CloudManagerClient.PATH) + CloudManagerClient.PATH.length());
            assertThat(CloudManagerClient.read(cloud.send("GET", path), 200, CloudManagerClient.User.class))
                    .isEqualTo(user);
        });
        var second = cloud.users(id, "?itemsPerPage=2&pageNum=2");
        assertThat(second.results())
                .extracting(CloudManagerClient.User::username)
                .containsExactly("c");
    }

    @Test
    void userIsKnownByItsMembershipAlone() {
        var id = partner.create("Org").id();
        monoid.addMember(id, Map.of("userId", "a", "role", "owner"));
        monoid.addMember(id, Map.of("userId", "0123456789abcdef01234567", "role", "member"));
        var first = cloud.users(id, "").results().get(1).id();

        monoid.removeMember(id, "0123456789abcdef01234567");
        monoid.addMember(id, Map.of("userId", "0123456789abcdef01234567", "role", "member"));

        var second = cloud.users(id, "").results().get(1).id();
        assertThat(second).isNotEqualTo(first);
        assertThat(cloud.user(id, second).username()).isEqualTo("0123456789abcdef01234567");
        for (var unknown : List.of(first, second.toUpperCase(Locale.ROOT), "a", "0123456789abcdef01234567")) {
            var answer = cloud.send("GET", "/orgs/" + id + "/users/" + unknown);
            assertThat(CloudManagerClient.error(answer, 404).errorCode()).isEqualTo("RESOURCE_NOT_FOUND");
        }
        var elsewhere = partner.create("Other").id();
        assertThat(cloud.send("GET", "/orgs/" + elsewhere + "/users/" + second).status())
                .isEqualTo(404);
    }

    private void assertSeen(String id, String name, String externalId) {
        var seen = partner.get(id);
        assertThat(seen.name()).isEqualTo(name);
        assertThat(seen.externalId()).isEqualTo(externalId);
        assertThat(cloud.org(id).name()).isEqualTo(name);
        var shown = monoid.get(id, "");
        assertThat(shown.name()).isEqualTo(name);
        assertThat(shown.id()).isEqualTo(externalId == null ? id : externalId);
        if (externalId != null) {
            assertThat(monoid.get(externalId, "")).isEqualTo(shown);
        }
    }

    private void assertGone(String id) {
        var unknown = MonoidClient.error(monoid.send("GET", MonoidClient.path(UNKNOWN)), 404);
        assertThat(partner.send("GET", "/organisations/" + id).status()).isEqualTo(404);
        assertThat(cloud.send("GET", "/orgs/" + id).status()).isEqualTo(404);
        assertThat(MonoidClient.error(monoid.send("GET", MonoidClient.path(id)), 404))
                .isEqualTo(unknown);
    }

    private static Map<String, Object> withExternalId(String name, String externalId) {
        var body = PartnerClient.body(name);
        body.put("partner_external_id", externalId);
        return body;
    }
}
