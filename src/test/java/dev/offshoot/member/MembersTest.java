package dev.offshoot.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.task.TaskQueue;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.ManyMembers;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.MonoidClient.Member;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.testing.Together;
import dev.offshoot.testing.Tree;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Members are added, changed and removed; an organisation that has an owner keeps one, and its limits hold, under concurrency too. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class MembersTest {
    private static final int ROUNDS = 20;

    @Inject
    TaskQueue queue;

    private final PartnerClient partner = PartnerClient.newPartner();
    private final MonoidClient monoid = MonoidClient.of(partner);
    private final String org = partner.create("Org").id();

    @AfterEach
    void clear() {
        TestDatabase.clear();
    }

    @Test
    void memberIsSeenAsItWasAdded() {
        var ada = new Member("ada", "owner", "ada@example.com", "Ada Lovelace", "https://example.com/ada.png");
        var bare = new Member("bare", "member", null, null, null);

        assertThat(monoid.addMember(org, fields(ada))).isEqualTo(ada);
        assertThat(monoid.addMember(org, Map.of("userId", "bare", "role", "member")))
                .isEqualTo(bare);

        assertThat(monoid.member(org, "ada")).isEqualTo(ada);
        assertThat(monoid.members(org)).containsExactly(ada, bare);
        assertThat(monoid.get(org, "?includeMembers=true").members()).containsExactly(ada, bare);
        assertThat(Tree.flawsOfMembers()).isEmpty();
    }

    @Test
    void changeTouchesWhatItNamesAndClearsWhatIsNull() {
        monoid.addMember(org, fields(new Member("a", "admin", "a@example.com", "A", "https://example.com/a.png")));

        var renamed = monoid.changeMember(org, "a", Map.of("name", "B"));
        var cleared = new HashMap<String, Object>();
        cleared.put("email", null);
        cleared.put("imageUrl", null);
        var bare = monoid.changeMember(org, "a", cleared);

        assertThat(renamed).isEqualTo(new Member("a", "admin", "a@example.com", "B", "https://example.com/a.png"));
        assertThat(bare).isEqualTo(new Member("a", "admin", null, "B", null)).isEqualTo(monoid.member(org, "a"));
    }

    @ParameterizedTest
    @CsvSource({"owner, admin", "owner, member", "admin, member", "member, admin", "admin, owner", "member, owner"})
    void roleChanges(String from, String to) {
        monoid.addMember(org, member("other", "owner"));
        monoid.addMember(org, member("a", from));

        var changed = monoid.changeMember(org, "a", Map.of("role", to, "name", "N"));

        assertThat(changed).isEqualTo(new Member("a", to, null, "N", null)).isEqualTo(monoid.member(org, "a"));
        var back = monoid.changeMember(org, "a", Map.of("role", from));
        assertThat(back.role())
                .isEqualTo(from)
                .isEqualTo(monoid.member(org, "a").role());
        assertThat(Tree.flawsOfMembers()).isEmpty();
    }

    @Test
    void memberOfTheSameUserIdIsRefusedAndTheFirstOneStays() {
        var first = monoid.addMember(org, member("a", "admin"));

        var refused = monoid.send("POST", MonoidClient.membersPath(org), member("a", "owner"));

        assertThat(MonoidClient.error(refused, 409).code()).isEqualTo("member_exists");
        assertThat(monoid.members(org)).containsExactly(first);
        assertThat(Tree.flawsOfMembers()).isEmpty();
    }

    @Test
    void memberMayComeAgain() {
        monoid.addMember(org, fields(new Member("a", "admin", "a@example.com", "A", null)));
        monoid.removeMember(org, "a");

        assertThat(MonoidClient.error(monoid.send("GET", MonoidClient.memberPath(org, "a")), 404)
                        .code())
                .isEqualTo("member_not_found");
        assertThat(monoid.addMember(org, member("a", "member"))).isEqualTo(new Member("a", "member", null, null, null));
        assertThat(Tree.flawsOfMembers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a/b", "a b", "ä", "user@example.com", "a+b", "a%2Fb", "507f1f77bcf86cd799439011", "x?y#z;q"})
    void userIdIsTheClientsOwn(String userId) {
        monoid.addMember(org, member(userId, "member"));

        assertThat(monoid.member(org, userId).userId()).isEqualTo(userId);
        monoid.changeMember(org, userId, Map.of("role", "admin"));
        monoid.removeMember(org, userId);

        assertThat(monoid.members(org)).isEmpty();
    }

    @Test
    void organisationsDoNotShareMembers() {
        var sibling = partner.create("Sibling").id();
        monoid.addMember(org, member("a", "owner"));
        monoid.addMember(sibling, member("a", "admin"));

        monoid.removeMember(sibling, "a");

        assertThat(monoid.members(org)).extracting(Member::userId).containsExactly("a");
        assertThat(monoid.members(sibling)).isEmpty();
    }

    @Test
    void lastOwnerStaysAndNothingOfTheRefusedChangeIsDone() {
        monoid.addMember(org, member("other", "admin"));
        var owner = monoid.addMember(org, member("a", "owner"));

        var removed = monoid.send("DELETE", MonoidClient.memberPath(org, "a"));
        var demoted = monoid.send("PATCH", MonoidClient.memberPath(org, "a"), Map.of("role", "admin", "name", "N"));

        assertThat(MonoidClient.error(removed, 409).code()).isEqualTo("last_owner");
        assertThat(MonoidClient.error(demoted, 409).code()).isEqualTo("last_owner");
        assertThat(monoid.member(org, "a")).isEqualTo(owner);
    }

    @Test
    void organisationWithoutOwnersLetsItsMembersGo() {
        monoid.addMember(org, member("a", "admin"));

        monoid.removeMember(org, "a");

        assertThat(monoid.members(org)).isEmpty();
    }

    @Test
    void oneOwnerIsLeftWhenTwoAreRemovedOrDemotedAtOnce() throws Exception {
        for (var round = 0; round < ROUNDS; round++) {
            var id = partner.create("Round " + round).id();
            monoid.addMember(id, member("a", "owner"));
            monoid.addMember(id, member("b", "owner"));
            var remove = round % 2 == 0;

            var answers = Together.run(List.<Callable<Answer>>of(
                    () -> monoid.send("DELETE", MonoidClient.memberPath(id, "a")),
                    () -> remove
                            ? monoid.send("DELETE", MonoidClient.memberPath(id, "b"))
                            : monoid.send("PATCH", MonoidClient.memberPath(id, "b"), Map.of("role", "member"))));

            assertThat(answers).extracting(Answer::status).containsOnlyOnce(409);
            assertThat(monoid.members(id))
                    .filteredOn(member -> member.role().equals("owner"))
                    .hasSize(1);
        }
        assertThat(Tree.flawsOfMembers()).isEmpty();
    }

    @Test
    void whoIsPromotedAndRemovedAtOnceLeavesNoOwnerBehindThatIsNobody() throws Exception {
        for (var round = 0; round < ROUNDS; round++) {
            var id = partner.create("Round " + round).id();
            monoid.addMember(id, member("a", "member"));

            Together.run(List.<Callable<Answer>>of(
                    () -> monoid.send("PATCH", MonoidClient.memberPath(id, "a"), Map.of("role", "owner")),
                    () -> monoid.send("DELETE", MonoidClient.memberPath(id, "a"))));

            monoid.addMember(id, member("b", "owner"));
            var members = monoid.members(id).stream().map(Member::userId).toList();
            assertThat(Tree.flawsOfMembers()).isEmpty();
            assertThat(members).isIn(List.of("b"), List.of("a", "b"));
        }
    }

    @Test
    void whoComesAndGoesAtOnceLeavesNobodyBehind() throws Exception {
        for (var round = 0; round < ROUNDS; round++) {
            var id = partner.create("Round " + round).id();
            var change = round % 2 == 0;

            Together.run(List.<Callable<Answer>>of(
                    () -> monoid.send("POST", MonoidClient.membersPath(id), member("a", "owner")),
                    () -> await(() -> change
                            ? monoid.send("PATCH", MonoidClient.memberPath(id, "a"), Map.of("role", "admin"))
                            : monoid.send("DELETE", MonoidClient.memberPath(id, "a")))));

            assertThat(Tree.flawsOfMembers()).isEmpty();
        }
    }

    @Test
    void ownerWhoseComingWasCutOffCountsAsSoonAsItMatters() {
        monoid.addMember(org, member("a", "owner"));
        monoid.addMember(org, member("b", "owner"));
        ManyMembers.leavePending(org, "b");

        assertThat(monoid.member(org, "b").role()).isEqualTo("owner");
        monoid.removeMember(org, "a");

        assertThat(monoid.send("DELETE", MonoidClient.memberPath(org, "b")).status())
                .isEqualTo(409);
        assertThat(Tree.flawsOfMembers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void comingThatWasCutOffIsConfirmedOrGivesItsSeatBack(boolean recordIsThere) {
        monoid.addMember(org, member("a", "owner"));
        monoid.addMember(org, member("b", "owner"));
        ManyMembers.leavePending(org, "b");
        if (!recordIsThere) {
            ManyMembers.loseRecord(org, "b");
        }

        queue.runDue(Clock.systemUTC()).await().indefinitely();
        assertThat(ManyMembers.pendingAdditions(org))
                .as("a recent addition is left to its request")
                .isEqualTo(1);
        queue.runDue(Clock.offset(Clock.systemUTC(), Duration.ofHours(1)))
                .await()
                .indefinitely();

        assertThat(ManyMembers.pendingAdditions(org)).isZero();
        assertThat(monoid.members(org)).hasSize(recordIsThere ? 2 : 1);
        assertThat(Tree.flawsOfMembers()).isEmpty();
        assertThat(monoid.send("DELETE", MonoidClient.memberPath(org, "a")).status())
                .isEqualTo(recordIsThere ? 204 : 409);
    }

    @Test
    void existingMemberIsReportedAsSuchAtTheLimitsToo() {
        ManyMembers.fill(org, 10_000);
        var sibling = partner.create("Sibling").id();
        for (var i = 0; i < 100; i++) {
            monoid.addMember(sibling, member("owner" + i, "owner"));
        }

        var full = monoid.send("POST", MonoidClient.membersPath(org), member("user00007", "member"));
        var owned = monoid.send("POST", MonoidClient.membersPath(sibling), member("owner7", "owner"));

        assertThat(MonoidClient.error(full, 409).code()).isEqualTo("member_exists");
        assertThat(MonoidClient.error(owned, 409).code()).isEqualTo("member_exists");
    }

    @Test
    void sameMemberAddedManyTimesAtOnceComesOnce() throws Exception {
        List<Callable<Answer>> calls = IntStream.range(0, 16)
                .<Callable<Answer>>mapToObj(
                        i -> () -> monoid.send("POST", MonoidClient.membersPath(org), member("a", "owner")))
                .toList();

        var answers = Together.run(calls);

        assertThat(answers).extracting(Answer::status).containsOnlyOnce(201);
        assertThat(answers).extracting(Answer::status).containsOnly(201, 409);
        assertThat(monoid.members(org)).hasSize(1);
        assertThat(Tree.flawsOfMembers()).isEmpty();
    }

    @Test
    void tenThousandMembersAreTheMostUnderConcurrencyToo() throws Exception {
        ManyMembers.fill(org, 9_998);
        List<Callable<Answer>> calls = IntStream.range(0, 8)
                .<Callable<Answer>>mapToObj(
                        i -> () -> monoid.send("POST", MonoidClient.membersPath(org), member("new" + i, "member")))
                .toList();

        var answers = Together.run(calls);

        assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(2);
        assertThat(answers).filteredOn(answer -> answer.status() != 201).allSatisfy(answer -> assertThat(
                        MonoidClient.error(answer, 409).code())
                .isEqualTo("limit_exceeded"));
        assertThat(monoid.members(org)).hasSize(10_000);
        monoid.removeMember(org, monoid.members(org).get(0).userId());
        monoid.addMember(org, member("the last", "member"));
        assertThat(MonoidClient.error(
                                monoid.send("POST", MonoidClient.membersPath(org), member("one more", "member")), 409)
                        .code())
                .isEqualTo("limit_exceeded");
        assertThat(Tree.flawsOfMembers()).isEmpty();
    }

    @Test
    void hundredOwnersAreTheMostAndARefusedOneIsNoMember() throws Exception {
        for (var i = 0; i < 98; i++) {
            monoid.addMember(org, member("owner" + i, "owner"));
        }
        monoid.addMember(org, member("plain", "member"));
        List<Callable<Answer>> calls = new ArrayList<>(IntStream.range(0, 4)
                .<Callable<Answer>>mapToObj(
                        i -> () -> monoid.send("POST", MonoidClient.membersPath(org), member("new" + i, "owner")))
                .toList());
        calls.add(() -> monoid.send("PATCH", MonoidClient.memberPath(org, "plain"), Map.of("role", "owner")));

        var answers = Together.run(calls);

        var owners = monoid.members(org).stream()
                .filter(member -> member.role().equals("owner"))
                .toList();
        assertThat(owners).hasSize(100);
        assertThat(answers)
                .filteredOn(answer -> answer.status() == 409)
                .hasSize(3)
                .allSatisfy(answer ->
                        assertThat(MonoidClient.error(answer, 409).code()).isEqualTo("limit_exceeded"));
        assertThat(monoid.members(org).stream().map(Member::userId)).contains("plain");
        assertThat(MonoidClient.error(
                                monoid.send("POST", MonoidClient.membersPath(org), member("one more", "owner")), 409)
                        .code())
                .isEqualTo("limit_exceeded");
        assertThat(Tree.flawsOfMembers()).isEmpty();
    }

    /** Tries for a moment, until there is something to do it to. */
    private static Answer await(Callable<Answer> call) throws Exception {
        var answer = call.call();
        for (var tries = 0; answer.status() == 404 && tries < 20; tries++) {
            answer = call.call();
        }
        return answer;
    }

    private static Map<String, Object> member(String userId, String role) {
        return Map.of("userId", userId, "role", role);
    }

    private static Map<String, Object> fields(Member member) {
        var fields = new HashMap<String, Object>();
        fields.put("userId", member.userId());
        fields.put("role", member.role());
        fields.put("email", member.email());
        fields.put("name", member.name());
        fields.put("imageUrl", member.imageUrl());
        return fields;
    }
}
