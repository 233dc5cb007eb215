package dev.offshoot.api.monoid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Installation;
import dev.offshoot.testing.ManyMembers;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.MonoidClient.Organisation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of the Monoid API: whom it shows, what it calls them, and how a client walks through it. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class MonoidListTest {
    private final PartnerClient partner = PartnerClient.newPartner();
    private final MonoidClient monoid = MonoidClient.of(partner);

    @AfterEach
    void clear() {
        TestDatabase.clear();
    }

    @Test
    void ownOrganisationComesFirstThenAllBeneathByTheCallersOwnIds() {
        var child = monoid.create("child", "Child");
        var sub = partner.createPartner("Sub");
        var grandchild = MonoidClient.of(PartnerClient.of(sub)).create("theirs", "Grandchild");
        var deleted = monoid.create("gone", "Gone");
        monoid.delete("gone");

        var shown = monoid.list("").organisations();

        assertThat(shown).hasSize(4).doesNotContain(deleted);
        assertThat(shown.get(0).id()).isEqualTo(shown.get(0).objectId());
        assertThat(shown.subList(1, 4))
                .extracting(Organisation::id)
                .containsExactly("child", sub.id(), grandchild.objectId());
        assertThat(shown.subList(1, 4)).extracting(Organisation::objectId).startsWith(child.objectId());
        assertThat(shown)
                .allSatisfy(organisation -> assertThat(organisation.members()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void linksLeadThroughAllOnceWhateverIsDeletedOnTheWay(int limit) {
        var created = IntStream.range(0, 7)
                .mapToObj(i -> monoid.create(null, "Org " + i).objectId())
                .toList();

        var walked = walk("?limit=" + limit);
        var page = monoid.list("?limit=3");
        monoid.delete(created.get(0));
        var rest = monoid.list(query(page)).objectIds();
        // The one that the link names.
        monoid.delete(created.get(1));
        var again = monoid.list(query(page)).objectIds();

        assertThat(again).isEqualTo(rest);
        assertThat(walked.subList(1, 8)).isEqualTo(created);
        assertThat(rest).isEqualTo(created.subList(2, 5));
    }

    @Test
    void offsetSkips() {
        var created = IntStream.range(0, 4)
                .mapToObj(i -> monoid.create(null, "Org " + i).objectId())
                .toList();

        assertThat(monoid.list("?offset=2&limit=2").objectIds()).isEqualTo(created.subList(1, 3));
        assertThat(monoid.list("?offset=5").organisations()).isEmpty();
        assertThat(monoid.list("?offset=2147483647").organisations()).isEmpty();
        assertThat(monoid.list("?limit=1000").next()).isNull();
        assertThat(monoid.list("?after=ffffffffffffffffffffffff").organisations())
                .isEmpty();
    }

    @Test
    void pageEndsEarlyOnceItHoldsFiveThousandMembersAndGoesOnBehind() {
        var full = IntStream.range(0, 3)
                .mapToObj(i -> monoid.create(null, "Org " + i).objectId())
                .toList();
        full.forEach(id -> ManyMembers.fill(id, 2500));

        var first = monoid.list("");
        var second = monoid.list(query(first));

        assertThat(first.objectIds()).hasSize(3).endsWith(full.get(0), full.get(1));
        assertThat(first.organisations())
                .extracting(organisation -> organisation.members().size())
                .containsExactly(0, 2500, 2500);
        assertThat(second.objectIds()).containsExactly(full.get(2));
        assertThat(second.organisations().get(0).members()).hasSize(2500);
        assertThat(second.next()).isNull();
    }

    @Test
    void pageOfOneMemberLessThanFiveThousandGoesOn() {
        var full = IntStream.range(0, 3)
                .mapToObj(i -> monoid.create(null, "Org " + i).objectId())
                .toList();
        ManyMembers.fill(full.get(0), 2500);
        ManyMembers.fill(full.get(1), 2499);
        ManyMembers.fill(full.get(2), 2500);

        var page = monoid.list("");

        assertThat(page.objectIds()).hasSize(4).endsWith(full.get(2));
        assertThat(page.organisations().get(3).members()).hasSize(2500);
        assertThat(page.next()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=1001",
                "limit=01",
                "limit=",
                "limit=1&limit=2",
                "offset=-1",
                "offset=2147483648",
                "after=nonsense",
                "after=000000000000000000000001&offset=0"
            })
    void queryIsReadStrictly(String query) {
        var error = MonoidClient.error(monoid.send("GET", "/organisations?" + query), 400);

        assertThat(error.code()).isEqualTo("validation_failed");
        assertThat(error.message()).contains(query.substring(0, query.indexOf('=')));
    }

    private List<String> walk(String query) {
        var ids = new ArrayList<String>();
        var page = monoid.list(query);
        ids.addAll(page.objectIds());
        while (page.next() != null) {
            page = monoid.list(query(page));
            ids.addAll(page.objectIds());
        }
        return ids;
    }

    private static String query(MonoidClient.Page page) {
        var next = Objects.requireNonNull(page.next());
        return next.substring(next.indexOf('?'));
    }
}
