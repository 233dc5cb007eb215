package dev.offshoot.organisation;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Updates.set;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Scopes;
import dev.offshoot.task.PendingTask;
import dev.offshoot.task.TaskQueue;
import dev.offshoot.testing.CuttingProxy;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ProxiedInstallation;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.value.OrgId;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A record's task is completed whatever becomes of its other tasks at the same time. */
@QuarkusTest
@WithTestResource(value = ProxiedInstallation.class, scope = TestResourceScope.MATCHING_RESOURCES)
class SimultaneousTasksTest {
    private static final int MOST_MEMBERS = 10;

    @Inject
    OrganisationRepository organisations;

    @Inject
    TaskQueue queue;

    private final CuttingProxy proxy = ProxiedInstallation.proxy();
    private OrgId id;
    private OrgScope scope;

    /** Without the task that a creation leaves. */
    @BeforeEach
    void create() {
        id = OrgId.of(PartnerClient.newPartner().create("Customer").id());
        scope = Scopes.of(id.toString());
        await(queue.runDue(Clock.offset(Clock.systemUTC(), Duration.ofHours(1))));
    }

    /** The slots that were confirmed are no members'. */
    @AfterEach
    void clear() {
        proxy.heal();
        TestDatabase.data().getCollection("organisations").updateOne(eq("_id", id.value()), set("members", 0));
    }

    @Test
    void othersMayComeAndGoBetweenItsCommands() throws Exception {
        var own = addition();
        var second = addition();
        var third = addition();
        reserve(own);
        reserve(second);

        // It is not the only one, and then it is not one of several.
        var releaseSecond = proxy.hold(2);
        var completed = organisations.confirmSlot(scope, id, own).subscribeAsCompletionStage();
        proxy.awaitHeld();
        assertThat(await(organisations.confirmSlot(scope, id, second))).isTrue();
        // And then it is not the only one again.
        var releaseThird = proxy.hold(1);
        releaseSecond.run();
        proxy.awaitHeld();
        reserve(third);
        releaseThird.run();

        assertThat(completed.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(await(organisations.confirmSlot(scope, id, own))).isFalse();
        assertThat(await(organisations.confirmSlot(scope, id, third))).isTrue();
    }

    private void reserve(PendingTask addition) {
        assertThat(await(organisations.reserveSlot(scope, id, addition, MOST_MEMBERS)))
                .isTrue();
    }

    private static PendingTask addition() {
        return PendingTask.memberAddition(Instant.now(), new ObjectId());
    }

    private static <T> T await(Uni<T> command) {
        return command.await().atMost(Duration.ofSeconds(10));
    }
}
