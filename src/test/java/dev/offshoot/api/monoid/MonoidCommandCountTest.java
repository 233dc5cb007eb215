package dev.offshoot.api.monoid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.ManyMembers;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many commands each call of the Monoid API sends to the database, with a cached caller. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class MonoidCommandCountTest {
    private final PartnerClient partner = PartnerClient.newPartner();
    private final MonoidClient monoid = MonoidClient.of(partner);
    private String id = "";

    @AfterEach
    void clear() {
        TestDatabase.clear();
    }

    @BeforeEach
    void cacheTheCaller() {
        id = monoid.create("mine", "Org").objectId();
        Stored.confirm(id);
        monoid.addMember(id, Map.of("userId", "owner", "role", "owner"));
        monoid.get(id, "");
    }

    @Test
    void getTakesOneCommandByEitherIdAndOneMoreForTheMembers() {
        assertThat(Commands.during(() -> monoid.get(id, ""))).containsExactly("find");
        assertThat(Commands.during(() -> monoid.get("mine", "?includePlan=true")))
                .containsExactly("find");
        assertThat(Commands.during(() -> monoid.get("mine", "?includeMembers=true")))
                .containsExactly("find", "find");
    }

    @Test
    void listTakesOneCommandAndOneForAllMembersOfThePage() {
        for (var i = 0; i < 3; i++) {
            ManyMembers.fill(monoid.create(null, "Org " + i).objectId(), 150);
        }
        monoid.get(id, "");

        var commands = Commands.during(() -> assertThat(monoid.list("").organisations())
                .flatExtracting(MonoidClient.Organisation::members)
                .hasSize(451));

        assertThat(commands).containsExactly("find", "find");
    }

    @Test
    void organisationOfTenThousandMembersIsReadLikeOneOfNone() {
        var full = monoid.create("full", "Org").objectId();
        var empty = monoid.create("none", "Org").objectId();
        monoid.addMember(full, Map.of("userId", "owner", "role", "member"));
        monoid.removeMember(full, "owner");
        monoid.addMember(empty, Map.of("userId", "owner", "role", "member"));
        monoid.removeMember(empty, "owner");
        ManyMembers.fill(full, 10_000);
        monoid.get(full, "");

        assertThat(Commands.during(() -> monoid.get(full, ""))).containsExactly("find");
        var ofFull = Commands.repliesDuring(() -> monoid.get(full, ""));
        var ofEmpty = Commands.repliesDuring(() -> monoid.get(empty, ""));
        assertThat(last(ofFull)).isEqualTo(last(ofEmpty));
    }

    @Test
    void createTakesOneCommandAndRenameThree() {
        assertThat(Commands.during(() -> monoid.create(null, "New"))).containsExactly("insert");
        assertThat(Commands.during(() -> monoid.update("mine", Map.of("name", "Renamed"))))
                .containsExactly("find", "update", "find");
    }

    @Test
    void memberIsAddedInFourCommandsChangedInThreeAndRemovedInFive() {
        var add = Commands.during(() -> monoid.addMember(id, Map.of("userId", "a", "role", "member")));
        var rename = Commands.during(() -> monoid.changeMember(id, "a", Map.of("name", "A")));
        var promote = Commands.during(() -> monoid.changeMember(id, "a", Map.of("role", "owner")));
        var demote = Commands.during(() -> monoid.changeMember(id, "a", Map.of("role", "admin")));
        var remove = Commands.during(() -> monoid.removeMember(id, "a"));

        assertThat(add).containsExactly("find", "update", "insert", "update");
        assertThat(rename).containsExactly("find", "find", "update");
        assertThat(promote).containsExactly("find", "find", "update");
        assertThat(demote).containsExactly("find", "find", "update", "update");
        assertThat(remove).containsExactly("find", "find", "update", "delete", "update");
    }

    @Test
    void planTakesOneCommandToReadAndTwoToWrite() {
        assertThat(Commands.during(() -> monoid.putPlan(id, Map.of("status", "active"))))
                .containsExactly("find", "update");
        assertThat(Commands.during(() -> monoid.plan(id))).containsExactly("find");
        assertThat(Commands.during(() -> monoid.deletePlan(id))).isEqualTo(List.of("find", "update"));
    }

    @Test
    void malformedTokenTakesNoCommand() {
        var commands = Commands.during(
                () -> MonoidClient.error(MonoidClient.with("osk_nonsense").send("GET", "/organisations"), 401));

        assertThat(commands).isEmpty();
    }

    /** The bytes of the answer that holds the organisation. */
    private static int last(List<Integer> replies) {
        return replies.get(replies.size() - 1);
    }
}
