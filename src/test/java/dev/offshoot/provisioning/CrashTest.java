package dev.offshoot.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.task.TaskQueue;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.CrashInstallation;
import dev.offshoot.testing.CrashPoint;
import dev.offshoot.testing.CuttingProxy;
import dev.offshoot.testing.CuttingProxy.Action;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Metrics;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ProxiedInstallation;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.testing.Tree;
import dev.offshoot.testing.Wire;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Writes of more than one step, cut off before and after each of their database commands in turn; then the connection is
 * restored and the task queue runs. Whatever was cut, the tree is whole and nothing acknowledged is lost.
 */
@QuarkusTest
@WithTestResource(value = CrashInstallation.class, scope = TestResourceScope.MATCHING_RESOURCES)
class CrashTest {
    private static final Map<String, Object> ADA = Map.of("userId", "a", "role", "owner", "email", "ada@example.com");

    /** Of a deletion with a known caller: find, commit, two for each kind of record beneath, completion. */
    private static final int DELETION_COMMANDS = 7;

    @Inject
    TaskQueue queue;

    @Inject
    BatchConfirmation confirmation;

    private final CuttingProxy proxy = ProxiedInstallation.proxy();

    /** A call, and what has to be so after its answer, whatever was cut. */
    private record Cut(Supplier<Answer> call, Consumer<Answer> check) {}

    /** A call, what happens while it is held, and what has to be so after its answer. */
    private record Held(Supplier<Answer> call, Runnable meanwhile, Consumer<Answer> check) {}

    @BeforeEach
    @AfterEach
    void heal() {
        ProxiedInstallation.heal();
    }

    @AfterEach
    void clear() {
        TestDatabase.clear();
    }

    @TestFactory
    Stream<DynamicTest> creationSurvivesBeingCutOffAtEveryCommand() {
        return cutAtEveryCommand("create", () -> {
            var partner = PartnerClient.newPartner();

            return new Cut(() -> partner.send("POST", "/organisations", PartnerClient.body("Child")), answer -> {
                recover();

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
            });
        });
    }

    /** Whoever puts an organisation repeats the call until it is answered; only the key may be lost. */
    @TestFactory
    Stream<DynamicTest> organisationIsPutOnceThoughTheCallIsCutOffAtEveryCommand() {
        return cutAtEveryCommand("put by external id", () -> {
            var partner = PartnerClient.newPartner();
            Supplier<Answer> put = () -> partner.put("x", PartnerClient.body("Child"));

            return new Cut(put, answer -> {
                assertThat(answer.status()).as(answer.body()).isIn(200, 503);
                recover();
                var repeated = put.get();
                assertThat(repeated.status()).as(repeated.body()).isEqualTo(200);
                recover();

                var created = partner.list("").organisations();
                assertThat(created).hasSize(1);
                assertThat(partner.getByExternalId("x")).isEqualTo(created.get(0));
                assertThat(Tree.keysOf(partner)).hasSize(1);
                assertThat(Tree.flaws()).isEmpty();
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> confirmationOfABatchSurvivesBeingCutOffAtEveryCommand() {
        return cutAtEveryCommand("create and confirm", () -> {
            confirmation.flush().await().indefinitely();
            var partner = PartnerClient.newPartner();

            return new Cut(() -> createAndConfirm(partner), answer -> {
                recover();

                var created = partner.list("").organisations();
                if (answer.status() == 200) {
                    assertThat(created).hasSize(1);
                    assertThat(usageAs(keyIn(answer), created.get(0).id())).isEqualTo(200);
                }
                assertThat(Tree.keysOf(partner)).hasSize(created.size());
                assertThat(Tree.flaws()).isEmpty();
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> confirmationHeldAtEveryCommandLeavesNothingLiveBeneathAParentDeletedMeanwhile() {
        return heldAtEveryCommand("create and confirm held while the parent is deleted", () -> {
            confirmation.flush().await().indefinitely();
            var partner = PartnerClient.newPartner();
            var child = partner.createPartner("Child");
            var creating = PartnerClient.with(child.partnerKey());

            return new Held(() -> createAndConfirm(creating), () -> partner.delete(child.id()), answer -> {
                assertThat(answer.status()).as(answer.body()).isIn(200, 401);
                if (answer.status() == 200) {
                    assertThat(usageAs(keyIn(answer), child.id())).isEqualTo(401);
                }
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> deletionSurvivesBeingCutOffAtEveryCommand() {
        return cutAtEveryCommand("delete", () -> {
            var known = PartnerClient.newPartner();
            var child = known.createPartner("Child");
            var grandchild = PartnerClient.with(child.partnerKey()).create("Grandchild");
            var partner = freshKeyOf(known);

            return new Cut(() -> partner.send("DELETE", "/organisations/" + child.id()), answer -> {
                proxy.heal();
                var gone = awaitAnswer(partner, "/organisations/" + child.id()).status() == 404;
                if (gone) {
                    // The keys are dead as soon as the deletion is, before the rest has followed.
                    assertThat(usageAs(grandchild.apiKey(), grandchild.id())).isEqualTo(401);
                }
                recover();

                assertThat(answer.status()).as(answer.body()).isIn(200, 503);
                assertThat(gone || answer.status() != 200).isTrue();
                var shown = partner.list("?scope=subtree&include_deleted=true").organisations();
                assertThat(shown).hasSize(2).allMatch(organisation -> (organisation.deletedAt() != null) == gone);
                assertThat(shown)
                        .extracting(PartnerClient.Organisation::deletedAt)
                        .containsOnly(shown.get(0).deletedAt());
                assertThat(usageAs(grandchild.apiKey(), grandchild.id())).isEqualTo(gone ? 401 : 200);
                assertThat(Tree.flaws()).isEmpty();
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> deletionGoesOnWhenItsClientHangsUpAtAnyCommand() {
        return CrashPoint.of("delete and hang up", 1, DELETION_COMMANDS, Action.HOLD)
                .map(point -> DynamicTest.dynamicTest(point.toString(), () -> {
                    heal();
                    var partner = PartnerClient.newPartner();
                    var child = partner.createPartner("Child");
                    Stored.confirm(child.id());
                    PartnerClient.with(child.partnerKey()).create("Grandchild");
                    partner.list("");

                    proxy.arm(point.command(), point.action());
                    hangUp("DELETE /organisations/" + child.id(), partner);
                    proxy.release();

                    await().atMost(Duration.ofSeconds(20)).until(() -> isDeletedWithAllBeneath(child.id()));
                }));
    }

    /** Sends a request, and closes the connection when its command is held and before it has an answer. */
    private void hangUp(String call, PartnerClient partner) {
        try (var wire = Wire.open()) {
            wire.head(call + " HTTP/1.1", "Host: localhost", "x-api-key: " + partner.key());
            proxy.awaitHeld();
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
        await().atMost(Duration.ofSeconds(2))
                .until(() -> Metrics.scrape().value("offshoot_http_requests_in_flight") == 0);
    }

    private static boolean isDeletedWithAllBeneath(String id) {
        var deleted = Stored.organisation(id);
        return !deleted.containsKey("task_due_at")
                && Stored.tree(id).values().stream().flatMap(List::stream).allMatch(record -> record.getList(
                                "deletions", ObjectId.class)
                        .containsAll(deleted.getList("deletions", ObjectId.class)))
                && deleted.getBoolean("deleted");
    }

    @TestFactory
    Stream<DynamicTest> rotationSurvivesBeingCutOffAtEveryCommand() {
        return cutAtEveryCommand("rotate a key", () -> {
            var partner = PartnerClient.newPartner();
            var keys = PartnerClient.keysOf(partner.create("Org").id());
            var key = partner.mint(keys, "standard");
            var path = keys + "/" + key.id();
            var rotating = freshKeyOf(partner);

            return new Cut(() -> rotating.send("POST", path + "/rotate", Map.of()), answer -> {
                recover();

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
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> addingAMemberSurvivesBeingCutOffAtEveryCommand() {
        return cutAtEveryCommand("add a member", () -> {
            var partner = PartnerClient.newPartner();
            var org = partner.create("Org").id();
            var owner = Map.of("userId", "a", "role", "owner");
            var monoid = MonoidClient.of(freshKeyOf(partner));

            return new Cut(() -> monoid.send("POST", MonoidClient.membersPath(org), owner), answer -> {
                recover();

                assertThat(answer.status()).as(answer.body()).isIn(201, 503);
                var members = monoid.members(org);
                assertThat(members).hasSizeLessThanOrEqualTo(1);
                assertThat(answer.status() == 503 || members.size() == 1).isTrue();
                if (members.isEmpty()) {
                    monoid.addMember(org, owner);
                }
                // A member added as an owner is one, so that the last-owner rule protects it.
                assertThat(monoid.send("DELETE", MonoidClient.memberPath(org, "a"))
                                .status())
                        .isEqualTo(409);
                assertThat(Tree.flaws()).isEmpty();
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> removingAMemberSurvivesBeingCutOffAtEveryCommand() {
        return cutAtEveryCommand("remove a member", () -> {
            var partner = PartnerClient.newPartner();
            var org = partner.create("Org").id();
            var monoid = MonoidClient.of(freshKeyOf(partner));
            var other = MonoidClient.of(partner);
            other.addMember(org, Map.of("userId", "a", "role", "owner"));
            other.addMember(org, Map.of("userId", "b", "role", "owner"));

            return new Cut(() -> monoid.send("DELETE", MonoidClient.memberPath(org, "a")), answer -> {
                proxy.heal();
                var gone = awaitStatus(other, MonoidClient.memberPath(org, "a")) == 404;
                recover();

                assertThat(answer.status()).as(answer.body()).isIn(204, 503);
                assertThat(gone || answer.status() == 503).isTrue();
                assertThat(other.members(org)).hasSize(gone ? 1 : 2);
                assertThat(other.send("DELETE", MonoidClient.memberPath(org, "b"))
                                .status())
                        .isEqualTo(gone ? 409 : 204);
                assertThat(Tree.flaws()).isEmpty();
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> demotingAnOwnerSurvivesBeingCutOffAtEveryCommand() {
        return cutAtEveryCommand("demote an owner", () -> {
            var partner = PartnerClient.newPartner();
            var org = partner.create("Org").id();
            var other = MonoidClient.of(partner);
            other.addMember(org, Map.of("userId", "a", "role", "owner"));
            other.addMember(org, Map.of("userId", "b", "role", "owner"));
            var monoid = MonoidClient.of(freshKeyOf(partner));

            return new Cut(
                    () -> monoid.send("PATCH", MonoidClient.memberPath(org, "a"), Map.of("role", "admin")), answer -> {
                        recover();

                        assertThat(answer.status()).as(answer.body()).isIn(200, 503);
                        var role = other.member(org, "a").role();
                        assertThat(role).isIn("owner", "admin");
                        assertThat(role.equals("admin") || answer.status() == 503)
                                .isTrue();
                        assertThat(other.send("DELETE", MonoidClient.memberPath(org, "b"))
                                        .status())
                                .isEqualTo(role.equals("owner") ? 204 : 409);
                    });
        });
    }

    @TestFactory
    Stream<DynamicTest> invitingSurvivesBeingCutOffAtEveryCommand() {
        return cutAtEveryCommand("invite", () -> {
            var partner = PartnerClient.newPartner();
            var org = partner.create("Org").id();
            var client = freshCloudManagerKeyOf(partner);
            var body = CloudManagerClient.invitationBody("ada@example.com", "ORG_MEMBER");

            return new Cut(() -> client.send("POST", CloudManagerClient.invitesPath(org), body), answer -> {
                recover();

                assertThat(answer.status()).as(answer.body()).isIn(200, 503);
                var invites = client.invites(org, "");
                assertThat(invites).hasSizeLessThanOrEqualTo(1);
                assertThat(answer.status() == 503 || invites.size() == 1).isTrue();
                assertThat(client.send("POST", CloudManagerClient.invitesPath(org), body)
                                .status())
                        .isEqualTo(invites.isEmpty() ? 200 : 409);
                assertThat(Tree.flaws()).isEmpty();
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> addingAnInvitedMemberSurvivesBeingCutOffAtEveryCommand() {
        return cutAtEveryCommand("add an invited member", () -> {
            var partner = PartnerClient.newPartner();
            var org = partner.create("Org").id();
            var client = CloudManagerClient.of(partner);
            client.invite(org, "ada@example.com", "ORG_MEMBER");
            var monoid = MonoidClient.of(freshKeyOf(partner));

            return new Cut(() -> monoid.send("POST", MonoidClient.membersPath(org), ADA), answer -> {
                recover();

                assertThat(answer.status()).as(answer.body()).isIn(201, 503);
                assertThat(client.invites(org, ""))
                        .hasSize(1 - monoid.members(org).size());
                assertThat(Tree.flaws()).isEmpty();
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> invitingHeldAtEveryCommandLeavesNoInvitationOfAMemberWhoWasAddedMeanwhile() {
        return heldAtEveryCommand("invite held while the person is added", () -> {
            var partner = PartnerClient.newPartner();
            var org = partner.create("Org").id();
            var monoid = MonoidClient.of(partner);
            monoid.members(org);
            var client = freshCloudManagerKeyOf(partner);
            var body = CloudManagerClient.invitationBody("ADA@example.com", "ORG_MEMBER");

            return new Held(
                    () -> client.send("POST", CloudManagerClient.invitesPath(org), body),
                    () -> monoid.addMember(org, ADA),
                    answer -> {
                        assertThat(answer.status()).as(answer.body()).isIn(200, 409);
                        assertThat(client.invites(org, "")).isEmpty();
                    });
        });
    }

    @TestFactory
    Stream<DynamicTest> additionHeldAtEveryCommandLeavesNoInvitationThatWasMadeMeanwhile() {
        return heldAtEveryCommand("add a member held while the person is invited", () -> {
            var partner = PartnerClient.newPartner();
            var org = partner.create("Org").id();
            var client = CloudManagerClient.of(partner);
            client.invites(org, "");
            var monoid = MonoidClient.of(freshKeyOf(partner));
            var body = CloudManagerClient.invitationBody("ADA@example.com", "ORG_MEMBER");

            return new Held(
                    () -> monoid.send("POST", MonoidClient.membersPath(org), ADA),
                    () -> client.send("POST", CloudManagerClient.invitesPath(org), body),
                    answer -> {
                        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
                        assertThat(client.invites(org, "")).isEmpty();
                    });
        });
    }

    @TestFactory
    Stream<DynamicTest> creationHeldAtEveryCommandLeavesNothingLiveBeneathAParentDeletedMeanwhile() {
        return heldAtEveryCommand("create held while its parent is deleted", () -> {
            var partner = PartnerClient.newPartner();
            var child = partner.createPartner("Child");
            var creating = PartnerClient.with(child.partnerKey());

            return new Held(
                    () -> creating.send("POST", "/organisations", PartnerClient.body("Grandchild")),
                    () -> partner.delete(child.id()),
                    answer -> {
                        assertThat(answer.status()).as(answer.body()).isIn(200, 401);
                        if (answer.status() == 200) {
                            assertThat(usageAs(keyIn(answer), child.id())).isEqualTo(401);
                        }
                    });
        });
    }

    @TestFactory
    Stream<DynamicTest> deletionHeldAtEveryCommandLeavesNothingLiveBeneathWhatWasCreatedMeanwhile() {
        return heldAtEveryCommand("delete held while a child is created", () -> {
            var partner = PartnerClient.newPartner();
            var child = partner.createPartner("Child");
            var creating = PartnerClient.with(child.partnerKey());
            creating.create("Sibling");
            var deleting = freshKeyOf(partner);

            return new Held(
                    () -> deleting.send("DELETE", "/organisations/" + child.id()),
                    () -> creating.send("POST", "/organisations", PartnerClient.body("Grandchild")),
                    answer -> {
                        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                    });
        });
    }

    @TestFactory
    Stream<DynamicTest> deletionHeldAtEveryCommandEndsWellWhenAnotherAboveItRunsThrough() {
        return heldAtEveryCommand("delete held while one above it runs", () -> {
            var partner = PartnerClient.newPartner();
            var child = partner.createPartner("Child");
            var above = PartnerClient.with(child.partnerKey());
            var grandchild = above.createPartner("Grandchild");
            var leaf = PartnerClient.with(grandchild.partnerKey()).create("Leaf");
            var deleting = freshKeyOf(above);

            return new Held(
                    () -> deleting.send("DELETE", "/organisations/" + grandchild.id()),
                    () -> partner.delete(child.id()),
                    answer -> {
                        assertThat(answer.status()).as(answer.body()).isIn(200, 401, 404);
                        assertThat(usageAs(leaf.apiKey(), leaf.id())).isEqualTo(401);
                        assertThat(partner.list("?scope=subtree").organisations())
                                .isEmpty();
                    });
        });
    }

    private Answer createAndConfirm(PartnerClient partner) {
        var answer = partner.send("POST", "/organisations", PartnerClient.body("Child"));
        confirmation.flush().onFailure().recoverWithNull().await().indefinitely();
        return answer;
    }

    private Stream<DynamicTest> cutAtEveryCommand(String what, Supplier<Cut> prepare) {
        var commands = commandsOf(prepare.get().call());
        return CrashPoint.of(what, 1, commands, Action.CUT_BEFORE, Action.CUT_AFTER)
                .map(point -> DynamicTest.dynamicTest(point.toString(), () -> {
                    heal();
                    var cut = prepare.get();
                    proxy.arm(point.command(), point.action());
                    var answer = cut.call().get();
                    assertThat(proxy.hasActed()).isTrue();
                    cut.check().accept(answer);
                }));
    }

    private Stream<DynamicTest> heldAtEveryCommand(String what, Supplier<Held> prepare) {
        var commands = commandsOf(prepare.get().call());
        return CrashPoint.of(what, 1, commands, Action.HOLD)
                .map(point -> DynamicTest.dynamicTest(point.toString(), () -> {
                    heal();
                    var held = prepare.get();
                    held.check().accept(whileHeld(point, held));
                    runQueue();
                    assertThat(Tree.flaws()).isEmpty();
                }));
    }

    private Answer whileHeld(CrashPoint point, Held held) throws Exception {
        proxy.arm(point.command(), point.action());
        var answer = CompletableFuture.supplyAsync(held.call());
        proxy.awaitHeld();
        try {
            held.meanwhile().run();
        } finally {
            proxy.release();
        }
        return answer.get();
    }

    /** How many database commands the call has when nothing is cut. */
    private int commandsOf(Supplier<Answer> call) {
        proxy.count();
        assertThat(call.get().status()).isBetween(200, 299);
        var commands = proxy.seen();
        heal();
        assertThat(commands).isPositive();
        return commands;
    }

    private void recover() {
        heal();
        runQueue();
    }

    private void runQueue() {
        queue.runDue(Clock.offset(Clock.systemUTC(), Duration.ofHours(1)))
                .await()
                .indefinitely();
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(20)).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20));
    }

    private static int awaitStatus(MonoidClient client, String path) {
        return patiently().until(() -> client.send("GET", path).status(), status -> status != 503);
    }

    private Answer awaitAnswer(PartnerClient client, String path) {
        return patiently().until(() -> client.send("GET", path), answer -> answer.status() != 503);
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
