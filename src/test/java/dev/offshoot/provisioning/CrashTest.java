package dev.offshoot.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.task.TaskQueue;
import dev.offshoot.testing.Cases;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.CuttingProxy;
import dev.offshoot.testing.CuttingProxy.Action;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ProxiedInstallation;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.Tree;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Writes of more than one step, cut off before and after each of their database commands in turn; then the connection is
 * restored and the work queue runs. Whatever was cut, the tree is whole and nothing acknowledged is lost.
 */
@QuarkusTest
@QuarkusTestResource(value = ProxiedInstallation.class, restrictToAnnotatedClass = true)
class CrashTest {
    /** Two to find the caller, one to read, one to take the seat, one to insert, one to confirm. */
    private static final int ADD_MEMBER_COMMANDS = 6;

    /** Two to find the caller, two to read, one to decide, one to remove, one for the receipt. */
    private static final int REMOVE_MEMBER_COMMANDS = 7;

    /** Two to find the caller, two to read, one to insert, one to commit, one to find the lineage, one for the receipt. */
    private static final int ROTATE_COMMANDS = 8;

    /** Two to find the caller, two to read, one to say what it will be, one to decide. */
    private static final int DEMOTE_COMMANDS = 6;

    /** Two to find the caller, the nonce, one to read, one to insert, one to look for a member, one for the receipt. */
    private static final int INVITE_COMMANDS = 7;

    /** With a key that is not cached: two commands to find the caller, four to create. */
    private static final int CREATE_COMMANDS = 6;

    /** Two to find the caller, one to read, one to commit, five to cascade, one for the receipt. */
    private static final int DELETE_COMMANDS = 10;

    private static final Map<String, Object> ADA = Map.of("userId", "a", "role", "owner", "email", "ada@example.com");

    @Inject
    TaskQueue queue;

    private final CuttingProxy proxy = ProxiedInstallation.proxy();

    private record Point(int command, Action action) {}

    @BeforeEach
    @AfterEach
    void heal() {
        proxy.heal();
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> PartnerClient.root()
                                .send("GET", "/organisations?limit=1")
                                .status()
                        == 200);
    }

    @TestFactory
    Stream<DynamicTest> creationSurvivesBeingCutOffAtEveryCommand() {
        return points("create", CREATE_COMMANDS)
                .map(point -> DynamicTest.dynamicTest(point.toString(), () -> {
                    heal();
                    var partner = PartnerClient.with(
                            PartnerClient.root().createPartner("Partner").partnerKey());

                    proxy.arm(point.command(), point.action());
                    var answer = partner.send("POST", "/organisations", PartnerClient.body("Child"));
                    recover(point);

                    var created = partner.list("").organisations();
                    if (answer.status() == 200) {
                        assertThat(created).hasSize(1);
                        assertThat(usageAs(keyIn(answer), created.get(0).id())).isEqualTo(200);
                    } else {
                        assertThat(answer.status()).as(answer.body()).isEqualTo(503);
                    }
                    // An unacknowledged creation may have come true; if not, no key of it is left behind.
                    assertThat(Tree.keysOf(partner)).hasSize(created.size());
                    assertThat(Tree.flaws()).isEmpty();
                }));
    }

    @TestFactory
    Stream<DynamicTest> deletionSurvivesBeingCutOffAtEveryCommand() {
        return points("delete", DELETE_COMMANDS)
                .map(point -> DynamicTest.dynamicTest(point.toString(), () -> {
                    heal();
                    var partner = PartnerClient.with(
                            PartnerClient.root().createPartner("Partner").partnerKey());
                    var child = partner.createPartner("Child");
                    var grandchild = PartnerClient.with(child.partnerKey()).create("Grandchild");
                    partner = freshKeyOf(partner);

                    proxy.arm(point.command(), point.action());
                    var answer = partner.send("DELETE", "/organisations/" + child.id());
                    proxy.heal();
                    var gone =
                            awaitAnswer(partner, "/organisations/" + child.id()).status() == 404;
                    if (gone) {
                        // The keys are dead as soon as the deletion is, before the rest has followed.
                        assertThat(usageAs(grandchild.apiKey(), grandchild.id()))
                                .isEqualTo(401);
                    }
                    recover(point);

                    assertThat(answer.status()).as(answer.body()).isIn(200, 503);
                    assertThat(gone || answer.status() != 200).isTrue();
                    var shown =
                            partner.list("?scope=subtree&include_deleted=true").organisations();
                    assertThat(shown).hasSize(2).allMatch(organisation -> (organisation.deletedAt() != null) == gone);
                    assertThat(shown)
                            .extracting(PartnerClient.Organisation::deletedAt)
                            .containsOnly(shown.get(0).deletedAt());
                    assertThat(usageAs(grandchild.apiKey(), grandchild.id())).isEqualTo(gone ? 401 : 200);
                    assertThat(Tree.flaws()).isEmpty();
                }));
    }

    @TestFactory
    Stream<DynamicTest> rotationSurvivesBeingCutOffAtEveryCommand() {
        return points("rotate a key", ROTATE_COMMANDS)
                .map(point -> DynamicTest.dynamicTest(point.toString(), () -> {
                    heal();
                    var partner = PartnerClient.newPartner();
                    var keys = PartnerClient.keysOf(partner.create("Org").id());
                    var key = partner.mint(keys, "standard");
                    var path = keys + "/" + key.id();
                    var rotating = freshKeyOf(partner);

                    proxy.arm(point.command(), point.action());
                    var answer = rotating.send("POST", path + "/rotate", Map.of());
                    recover(point);

                    // One of the two is good, and it is the successor whenever that was said.
                    assertThat(answer.status()).as(answer.body()).isIn(200, 503);
                    var rotated = partner.key(path).expiresAt() != null;
                    assertThat(rotated || answer.status() == 503).isTrue();
                    var good = partner.keys(keys).stream()
                            .filter(each -> each.revokedAt() == null && each.expiresAt() == null)
                            .map(PartnerClient.Key::id)
                            .toList();
                    // The organisation's first key is the other one.
                    assertThat(good).hasSize(2);
                    assertThat(good.contains(key.id())).isEqualTo(!rotated);
                    assertThat(Tree.flaws()).isEmpty();
                }));
    }

    @TestFactory
    Stream<DynamicTest> addingAMemberSurvivesBeingCutOffAtEveryCommand() {
        return points("add a member", ADD_MEMBER_COMMANDS)
                .map(point -> DynamicTest.dynamicTest(point.toString(), () -> {
                    heal();
                    var partner = PartnerClient.newPartner();
                    var org = partner.create("Org").id();
                    var owner = Map.of("userId", "a", "role", "owner");
                    var monoid = MonoidClient.of(freshKeyOf(partner));

                    proxy.arm(point.command(), point.action());
                    var answer = monoid.send("POST", MonoidClient.membersPath(org), owner);
                    recover(point);

                    assertThat(answer.status()).as(answer.body()).isIn(201, 503);
                    var members = monoid.members(org);
                    assertThat(members).hasSizeLessThanOrEqualTo(1);
                    assertThat(answer.status() == 503 || members.size() == 1).isTrue();
                    if (members.isEmpty()) {
                        monoid.addMember(org, owner);
                    }
                    // Whoever came as an owner is one, so that the last-owner rule protects it.
                    assertThat(monoid.send("DELETE", MonoidClient.memberPath(org, "a"))
                                    .status())
                            .isEqualTo(409);
                    assertThat(Tree.flaws()).isEmpty();
                }));
    }

    @TestFactory
    Stream<DynamicTest> removingAMemberSurvivesBeingCutOffAtEveryCommand() {
        return points("remove a member", REMOVE_MEMBER_COMMANDS)
                .map(point -> DynamicTest.dynamicTest(point.toString(), () -> {
                    heal();
                    var partner = PartnerClient.newPartner();
                    var org = partner.create("Org").id();
                    var monoid = MonoidClient.of(freshKeyOf(partner));
                    var other = MonoidClient.of(partner);
                    other.addMember(org, Map.of("userId", "a", "role", "owner"));
                    other.addMember(org, Map.of("userId", "b", "role", "owner"));

                    proxy.arm(point.command(), point.action());
                    var answer = monoid.send("DELETE", MonoidClient.memberPath(org, "a"));
                    proxy.heal();
                    var gone = awaitStatus(other, MonoidClient.memberPath(org, "a")) == 404;
                    recover(point);

                    assertThat(answer.status()).as(answer.body()).isIn(204, 503);
                    assertThat(gone || answer.status() == 503).isTrue();
                    assertThat(other.members(org)).hasSize(gone ? 1 : 2);
                    assertThat(other.send("DELETE", MonoidClient.memberPath(org, "b"))
                                    .status())
                            .isEqualTo(gone ? 409 : 204);
                    assertThat(Tree.flaws()).isEmpty();
                }));
    }

    @TestFactory
    Stream<DynamicTest> demotingAnOwnerSurvivesBeingCutOffAtEveryCommand() {
        return points("demote an owner", DEMOTE_COMMANDS)
                .map(point -> DynamicTest.dynamicTest(point.toString(), () -> {
                    heal();
                    var partner = PartnerClient.newPartner();
                    var org = partner.create("Org").id();
                    var other = MonoidClient.of(partner);
                    other.addMember(org, Map.of("userId", "a", "role", "owner"));
                    other.addMember(org, Map.of("userId", "b", "role", "owner"));
                    var monoid = MonoidClient.of(freshKeyOf(partner));

                    proxy.arm(point.command(), point.action());
                    var answer = monoid.send("PATCH", MonoidClient.memberPath(org, "a"), Map.of("role", "admin"));
                    recover(point);

                    assertThat(answer.status()).as(answer.body()).isIn(200, 503);
                    var role = other.member(org, "a").role();
                    assertThat(role).isIn("owner", "admin");
                    assertThat(role.equals("admin") || answer.status() == 503).isTrue();
                    assertThat(other.send("DELETE", MonoidClient.memberPath(org, "b"))
                                    .status())
                            .isEqualTo(role.equals("owner") ? 204 : 409);
                }));
    }

    @TestFactory
    Stream<DynamicTest> invitingSurvivesBeingCutOffAtEveryCommand() {
        return points("invite", INVITE_COMMANDS)
                .map(point -> DynamicTest.dynamicTest(point.toString(), () -> {
                    heal();
                    var partner = PartnerClient.newPartner();
                    var org = partner.create("Org").id();
                    var client = freshCloudManagerKeyOf(partner);
                    var body = CloudManagerClient.invitationBody("ada@example.com", "ORG_MEMBER");

                    proxy.arm(point.command(), point.action());
                    var answer = client.send("POST", CloudManagerClient.invitesPath(org), body);
                    recover(point);

                    assertThat(answer.status()).as(answer.body()).isIn(200, 503);
                    var invites = client.invites(org, "");
                    assertThat(invites).hasSizeLessThanOrEqualTo(1);
                    assertThat(answer.status() == 503 || invites.size() == 1).isTrue();
                    assertThat(client.send("POST", CloudManagerClient.invitesPath(org), body)
                                    .status())
                            .isEqualTo(invites.isEmpty() ? 200 : 409);
                    assertThat(Tree.flaws()).isEmpty();
                }));
    }

    @TestFactory
    Stream<DynamicTest> addingAnInvitedMemberSurvivesBeingCutOffAtEveryCommand() {
        return points("add an invited member", ADD_MEMBER_COMMANDS + 1)
                .map(point -> DynamicTest.dynamicTest(point.toString(), () -> {
                    heal();
                    var partner = PartnerClient.newPartner();
                    var org = partner.create("Org").id();
                    var client = CloudManagerClient.of(partner);
                    client.invite(org, "ada@example.com", "ORG_MEMBER");
                    var monoid = MonoidClient.of(freshKeyOf(partner));

                    proxy.arm(point.command(), point.action());
                    var answer = monoid.send("POST", MonoidClient.membersPath(org), ADA);
                    recover(point);

                    assertThat(answer.status()).as(answer.body()).isIn(201, 503);
                    assertThat(client.invites(org, ""))
                            .hasSize(1 - monoid.members(org).size());
                    assertThat(Tree.flaws()).isEmpty();
                }));
    }

    @TestFactory
    Stream<DynamicTest> invitingHeldAtEveryCommandLeavesNoInvitationOfAMemberWhoWasAddedMeanwhile() {
        return held(INVITE_COMMANDS, "invite held while the person is added", point -> {
            var partner = PartnerClient.newPartner();
            var org = partner.create("Org").id();
            var monoid = MonoidClient.of(partner);
            monoid.members(org);
            var client = freshCloudManagerKeyOf(partner);
            var body = CloudManagerClient.invitationBody("ADA@example.com", "ORG_MEMBER");

            var answer = whileHeld(
                    point,
                    () -> client.send("POST", CloudManagerClient.invitesPath(org), body),
                    () -> monoid.addMember(org, ADA));

            assertThat(answer.status()).as(answer.body()).isIn(200, 409);
            assertThat(client.invites(org, "")).isEmpty();
        });
    }

    @TestFactory
    Stream<DynamicTest> additionHeldAtEveryCommandLeavesNoInvitationThatWasMadeMeanwhile() {
        return held(ADD_MEMBER_COMMANDS + 1, "add a member held while the person is invited", point -> {
            var partner = PartnerClient.newPartner();
            var org = partner.create("Org").id();
            var client = CloudManagerClient.of(partner);
            client.invites(org, "");
            var monoid = MonoidClient.of(freshKeyOf(partner));
            var body = CloudManagerClient.invitationBody("ADA@example.com", "ORG_MEMBER");

            var answer = whileHeld(
                    point,
                    () -> monoid.send("POST", MonoidClient.membersPath(org), ADA),
                    () -> client.send("POST", CloudManagerClient.invitesPath(org), body));

            assertThat(answer.status()).as(answer.body()).isEqualTo(201);
            assertThat(client.invites(org, "")).isEmpty();
        });
    }

    @TestFactory
    Stream<DynamicTest> creationHeldAtEveryCommandLeavesNothingLiveBeneathAParentDeletedMeanwhile() {
        return held(CREATE_COMMANDS, "create held while its parent is deleted", point -> {
            var partner = PartnerClient.with(
                    PartnerClient.root().createPartner("Partner").partnerKey());
            var child = partner.createPartner("Child");
            var creating = PartnerClient.with(child.partnerKey());

            var answer = whileHeld(
                    point,
                    () -> creating.send("POST", "/organisations", PartnerClient.body("Grandchild")),
                    () -> partner.delete(child.id()));

            assertThat(answer.status()).as(answer.body()).isIn(200, 401);
            if (answer.status() == 200) {
                assertThat(usageAs(keyIn(answer), child.id())).isEqualTo(401);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> deletionHeldAtEveryCommandLeavesNothingLiveBeneathWhatWasCreatedMeanwhile() {
        return held(DELETE_COMMANDS, "delete held while a child is created", point -> {
            var partner = PartnerClient.with(
                    PartnerClient.root().createPartner("Partner").partnerKey());
            var child = partner.createPartner("Child");
            var creating = PartnerClient.with(child.partnerKey());
            creating.create("Sibling");
            var deleting = freshKeyOf(partner);

            var answer = whileHeld(
                    point,
                    () -> deleting.send("DELETE", "/organisations/" + child.id()),
                    () -> creating.send("POST", "/organisations", PartnerClient.body("Grandchild")));

            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        });
    }

    @TestFactory
    Stream<DynamicTest> deletionHeldAtEveryCommandEndsWellWhenAnotherAboveItRunsThrough() {
        return held(DELETE_COMMANDS, "delete held while one above it runs", point -> {
            var partner = PartnerClient.with(
                    PartnerClient.root().createPartner("Partner").partnerKey());
            var child = partner.createPartner("Child");
            var above = PartnerClient.with(child.partnerKey());
            var grandchild = above.createPartner("Grandchild");
            var leaf = PartnerClient.with(grandchild.partnerKey()).create("Leaf");
            var deleting = freshKeyOf(above);

            var answer = whileHeld(
                    point,
                    () -> deleting.send("DELETE", "/organisations/" + grandchild.id()),
                    () -> partner.delete(child.id()));

            assertThat(answer.status()).as(answer.body()).isIn(200, 401, 404);
            assertThat(usageAs(leaf.apiKey(), leaf.id())).isEqualTo(401);
            assertThat(partner.list("?scope=subtree").organisations()).isEmpty();
        });
    }

    private interface Scenario {
        void run(Point point) throws Exception;
    }

    private Stream<DynamicTest> held(int commands, String what, Scenario scenario) {
        var points = new ArrayList<Point>();
        for (var command = 1; command <= commands; command++) {
            points.add(new Point(command, Action.HOLD));
        }
        return chosen(what, points)
                .map(point -> DynamicTest.dynamicTest(point.toString(), () -> {
                    heal();
                    scenario.run(point);
                    queue.runDue(Instant.now().plus(Duration.ofHours(1)))
                            .await()
                            .indefinitely();
                    assertThat(Tree.flaws()).isEmpty();
                }));
    }

    private Answer whileHeld(Point point, java.util.concurrent.Callable<Answer> slow, Runnable fast) throws Exception {
        proxy.arm(point.command(), Action.HOLD);
        var answer = java.util.concurrent.CompletableFuture.supplyAsync(() -> {
            try {
                return slow.call();
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        });
        proxy.awaitHeld();
        try {
            fast.run();
        } finally {
            proxy.release();
        }
        return answer.get();
    }

    private static Stream<Point> points(String what, int commands) {
        var points = new ArrayList<Point>();
        for (var command = 1; command <= commands; command++) {
            points.add(new Point(command, Action.CUT_BEFORE));
            points.add(new Point(command, Action.CUT_AFTER));
        }
        return chosen(what, points);
    }

    private static Stream<Point> chosen(String what, List<Point> points) {
        var chosen = new ArrayList<Point>();
        for (var number = 0; number < points.size(); number++) {
            if (Cases.runs(number)) {
                chosen.add(points.get(number));
            }
        }
        System.out.println("Crash points run: " + chosen.size() + " of " + points.size() + " (" + what + ")");
        return chosen.stream();
    }

    private void recover(Point point) {
        assertThat(proxy.hasActed())
                .as("the command of the point came: " + point)
                .isTrue();
        heal();
        queue.runDue(Instant.now().plus(Duration.ofHours(1))).await().indefinitely();
    }

    private static int awaitStatus(MonoidClient client, String path) {
        return await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> client.send("GET", path).status(), status -> status != 503);
    }

    private Answer awaitAnswer(PartnerClient client, String path) {
        return await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> client.send("GET", path), answer -> answer.status() != 503);
    }

    /** Another key of the same organisation, which no cache has seen. */
    private static PartnerClient freshKeyOf(PartnerClient partner) {
        return PartnerClient.with(Tree.anotherPartnerKeyOf(partner));
    }

    /** As {@link #freshKeyOf} for a key that HTTP Digest knows. */
    private static CloudManagerClient freshCloudManagerKeyOf(PartnerClient partner) {
        return CloudManagerClient.with(Stored.otherKey(Objects.requireNonNull(partner.key()), Map.of()));
    }

    private static int usageAs(String key, String organisation) {
        var record = Map.of("id", "r", "organisation_id", organisation, "day", "2031-01-01", "api_requests", 1);
        return PartnerClient.with(key)
                .send("POST", "/usage-records", Map.of("records", List.of(record)))
                .status();
    }

    private static String keyIn(Answer created) {
        return created.json().at("/data/organisation/organisation_api_key").textValue();
    }
}
