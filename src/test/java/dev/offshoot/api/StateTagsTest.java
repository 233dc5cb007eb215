package dev.offshoot.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.ApiClient;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Stored;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The entity tags of organisations: one for each state that an organisation shows, whichever API shows it. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class StateTagsTest {
    private final PartnerClient partner = PartnerClient.newPartner();
    private final CloudManagerClient cloud = CloudManagerClient.of(partner);
    private final MonoidClient monoid = MonoidClient.of(partner);

    @Test
    void everyAnswerThatShowsAnOrganisationWithoutItsMembersIsTagged() {
        var created = partner.send("POST", "/organisations", PartnerClient.body("A"));
        var id = created.json().at("/data/organisation/organisation_id").textValue();
        assertThat(created.header("ETag")).isEqualTo(tag(id)).matches("\"[a-f0-9]{24}-1\"");
        var byCloud = cloud.send("POST", "/orgs", Map.of("name", "B"));
        assertThat(byCloud.header("ETag"))
                .isEqualTo(tag(byCloud.json().get("id").textValue()));

        var renamed = partner.send("PATCH", "/organisations/" + id, Map.of("organisation_name", "C"));
        assertThat(renamed.header("ETag")).isEqualTo(tag(id)).endsWith("-2\"");
        var again = cloud.send("PATCH", "/orgs/" + id, Map.of("name", "D"));
        assertThat(again.header("ETag")).isEqualTo(tag(id)).endsWith("-3\"");

        for (var path : List.of("", "?includePlan=true", "?includeMembers=false")) {
            assertThat(monoid.send("GET", "/organisations/" + id + path).header("ETag"))
                    .isEqualTo(tag(id));
        }
        for (var format : List.of("?envelope=true", "?pretty=true")) {
            assertThat(cloud.send("GET", "/orgs/" + id + format).header("ETag")).isEqualTo(tag(id));
        }
    }

    @Test
    void answerWithMembersHasNoTagAndNoCondition() {
        var created = monoid.send("POST", "/organisations", Map.of("id", "mine", "name", "A"));
        assertThat(created.status()).isEqualTo(201);
        assertUntagged(created);
        assertUntagged(monoid.send("PATCH", "/organisations/mine", Map.of("name", "B")));
        assertUntagged(monoid.send("GET", "/organisations/mine?includeMembers=true"));
        for (var header : List.of("If-Match", "If-None-Match")) {
            for (var value : List.of("*", "\"x\"", "malformed")) {
                var answer = monoid.call("GET", "/organisations/mine?includeMembers=true", null, Map.of(header, value));
                assertThat(answer.status()).as(header + value).isEqualTo(200);
            }
        }
    }

    /** What a call of any API shows follows from the tag: a strong one (RFC 9110, section 8.8.1). */
    @Test
    void tagChangesExactlyWithWhatIsShown() {
        var child = partner.createPartner("A");
        var id = child.id();
        var beneath = PartnerClient.of(child);
        var grandchild = beneath.create("Beneath").id();
        var shown = new Shown(id);

        shown.assertChanges(() -> partner.update(id, Map.of("organisation_name", "B")));
        shown.assertChanges(() -> partner.update(id, Map.of("partner_external_id", "mine")));
        shown.assertChanges(() -> cloud.rename(id, "C"));
        shown.assertChanges(() -> monoid.update("mine", Map.of("name", "D")));
        shown.assertChanges(() -> monoid.putPlan(id, Map.of("status", "active")));
        shown.assertChanges(() -> monoid.putPlan(id, Map.of("status", "canceled")));
        shown.assertChanges(() -> monoid.deletePlan(id));
        shown.assertChanges(() -> partner.update(id, Collections.singletonMap("partner_external_id", null)));

        shown.assertStays(() -> partner.update(id, Map.of("organisation_name", " D ")));
        shown.assertStays(() -> partner.setLimits(id, 1000, 1000));
        shown.assertStays(() -> partner.removeLimits(id));
        shown.assertStays(() -> monoid.addMember(id, Map.of("userId", "a", "role", "owner")));
        shown.assertStays(() -> monoid.addMember(id, Map.of("userId", "b", "role", "owner")));
        shown.assertStays(() -> monoid.changeMember(id, "b", Map.of("role", "member")));
        shown.assertStays(() -> monoid.removeMember(id, "b"));
        shown.assertStays(() -> partner.mint(PartnerClient.keysOf(id), "standard"));
        shown.assertStays(() -> beneath.update(grandchild, Map.of("organisation_name", "Renamed")));
        shown.assertStays(() -> beneath.delete(grandchild));
        shown.assertStays(() -> Stored.confirm(id));

        shown.assertChanges(() -> partner.delete(id));
    }

    @Test
    void deletionOfWhatIsDeletedAlreadyChangesNothingThatIsShown() {
        var child = partner.createPartner("A");
        var deleted = PartnerClient.of(child).create("Deleted first").id();
        var live = PartnerClient.of(child).create("Deleted with its parent").id();
        PartnerClient.of(child).delete(deleted);
        var deletedShows = deleted(deleted);
        var liveShows = deleted(live);

        partner.delete(child.id());

        var deletedLater = deleted(deleted);
        assertThat(Stored.organisation(deleted).getList("deletions", Object.class))
                .hasSize(2);
        assertThat(deletedLater.body()).isEqualTo(deletedShows.body());
        assertThat(deletedLater.header("ETag")).isEqualTo(deletedShows.header("ETag"));
        assertThat(deleted(live).header("ETag"))
                .isNotEqualTo(liveShows.header("ETag"))
                .isEqualTo("\"" + live + "-2\"");
    }

    /** The path is the same, and each has been changed as often. */
    @Test
    void successorOfAnExternalIdHasAnotherTag() {
        monoid.create("mine", "A");
        var first = monoid.send("GET", "/organisations/mine").header("ETag");
        monoid.delete("mine");
        monoid.create("mine", "A");

        var read = monoid.call("GET", "/organisations/mine", null, Map.of("If-None-Match", first));
        var deleted = monoid.call("DELETE", "/organisations/mine", null, Map.of("If-Match", first));

        assertThat(read.status()).isEqualTo(200);
        assertThat(read.header("ETag")).isNotEqualTo(first);
        assertThat(deleted.status()).isEqualTo(412);
    }

    /** As an earlier version of the service stored it. */
    @Test
    void organisationThatWasStoredWithoutACountIsTaggedAndCountedFromThenOn() {
        var id = partner.create("A").id();
        Stored.forgetShown(id);

        assertThat(tag(id)).isEqualTo("\"" + id + "-0\"");
        partner.update(id, Map.of("organisation_name", "B"));
        assertThat(tag(id)).isEqualTo("\"" + id + "-1\"");
    }

    /** What every API shows of one organisation, by its tag. */
    private final class Shown {
        private final String id;
        private final Map<String, List<String>> byTag = new HashMap<>();
        private List<String> last;

        Shown(String id) {
            this.id = id;
            last = look();
        }

        void assertChanges(Runnable change) {
            var before = last;
            var tags = byTag.size();
            change.run();
            last = look();
            assertThat(last).isNotEqualTo(before);
            assertThat(byTag).hasSize(tags + 1);
        }

        void assertStays(Runnable change) {
            var before = last;
            var tags = byTag.size();
            change.run();
            last = look();
            assertThat(last).isEqualTo(before);
            assertThat(byTag).hasSize(tags);
        }

        /** Whatever had this tag before was the same. */
        private List<String> look() {
            var answers = List.of(
                    read(partner, "/organisations/" + id + "?include_deleted=true"),
                    read(cloud, "/orgs/" + id),
                    read(monoid, "/organisations/" + id),
                    read(monoid, "/organisations/" + id + "?includePlan=true"));
            var live = answers.stream().filter(answer -> answer.status() == 200).toList();
            assertThat(live.stream().map(answer -> answer.header("ETag")).distinct())
                    .hasSize(1);
            var bodies = live.stream().map(Answer::body).toList();
            assertThat(byTag.computeIfAbsent(live.get(0).header("ETag"), tag -> bodies))
                    .isEqualTo(bodies);
            return bodies;
        }

        private static Answer read(ApiClient client, String path) {
            return client.send("GET", path);
        }
    }

    private static void assertUntagged(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isIn(200, 201);
        assertThat(answer.headers().map()).doesNotContainKey("etag");
    }

    private Answer deleted(String id) {
        return partner.send("GET", "/organisations/" + id + "?include_deleted=true");
    }

    private String tag(String id) {
        return deleted(id).header("ETag");
    }
}
