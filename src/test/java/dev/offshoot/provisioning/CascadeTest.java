package dev.offshoot.provisioning;

import static com.mongodb.client.model.Filters.eq;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.apikey.KeyAuthenticator;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.apikey.KeySource;
import dev.offshoot.idempotency.Attempt;
import dev.offshoot.organisation.ExpectedState;
import dev.offshoot.organisation.OrganisationRef;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.task.TaskFailures;
import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.value.OrgId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Installation.class)
class CascadeTest {
    private static final int MANY = 2 * Cascade.BATCH + 1;
    private static final AtomicInteger COPIES = new AtomicInteger();

    @Inject
    Deletion deletion;

    @Inject
    Cascade cascade;

    @Inject
    TaskFailures failures;

    @Inject
    KeyAuthenticator authenticator;

    @Inject
    OrganisationRepository repository;

    @Test
    void aLargeSubtreeIsDeletedInBoundedBatches() {
        var subtree = largeSubtree();

        var commands = Commands.during(() -> subtree.above().delete(subtree.top()));

        assertThat(live(subtree.top())).isZero();
        // Three batches of keys, each found and changed; three of organisations, each found and changed twice.
        assertThat(Collections.frequency(commands, "update")).isEqualTo(1 + 3 + 2 * 3 + 1);
    }

    @Test
    void deletionIsAnsweredBeforeALongCascadeIsOverWhichGoesOnByItself() {
        var subtree = largeSubtree();
        var top = OrganisationRef.to(OrgId.of(subtree.top()));

        deletion.delete(scopeOf(subtree.above()), top, ExpectedState.ANY, Attempt.once(), Duration.ofMillis(1))
                .await()
                .indefinitely();

        assertThat(Stored.organisation(subtree.top())).containsEntry("deleted", true);
        assertThat(live(subtree.top())).isPositive();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !Stored.organisation(subtree.top()).containsKey("task_due_at"));
        assertThat(live(subtree.top())).isZero();
    }

    @Test
    void cascadeBeyondTheBoundIsLeftToTheQueue() {
        var partner = PartnerClient.newPartner();
        var child = partner.create("Child").id();
        var scope = scopeOf(partner);
        var full = new BackgroundCascades(cascade, failures, 0);
        var open = new BackgroundCascades(cascade, failures, 1);
        Stored.deleteWithoutCascade(child);
        var deleted = repository
                .find(scope, OrganisationRef.to(OrgId.of(child)), true)
                .await()
                .indefinitely()
                .orElseThrow();

        assertThat(Commands.during(() -> full.start(scope, deleted).await().indefinitely()))
                .isEmpty();
        assertThat(Commands.during(() -> open.start(scope, deleted).await().indefinitely()))
                .isNotEmpty();
    }

    private record Subtree(PartnerClient above, String top) {}

    private static Subtree largeSubtree() {
        var partner =
                PartnerClient.with(PartnerClient.root().createPartner("Partner").partnerKey());
        var child = partner.createPartner("Child");
        Stored.confirm(child.id());
        var grandchild = PartnerClient.with(child.partnerKey()).create("Grandchild");
        copy("organisations", new ObjectId(grandchild.id()), number -> new ObjectId());
        var key = KeySecret.parse(grandchild.apiKey()).orElseThrow().id().value();
        copy("api_keys", key, number -> "copy%08d".formatted(COPIES.incrementAndGet()));
        return new Subtree(partner, child.id());
    }

    private static long live(String top) {
        var live = new Document("lineage", new ObjectId(top)).append("deletions", List.of());
        return TestDatabase.data().getCollection("organisations").countDocuments(live)
                + TestDatabase.data().getCollection("api_keys").countDocuments(live);
    }

    private OrgScope scopeOf(PartnerClient client) {
        var check = authenticator
                .authenticate(Optional.of(Objects.requireNonNull(client.key())), KeySource.at(Optional.empty()))
                .await()
                .indefinitely();
        return check.validCaller().orElseThrow().scope();
    }

    private interface NewId {
        Object of(int number);
    }

    /** Copies of a stored record with ids of their own. */
    private static void copy(String collection, Object id, NewId newId) {
        var original = TestDatabase.data()
                .getCollection(collection)
                .find(eq("_id", id))
                .first();
        var copies = new ArrayList<Document>();
        for (var number = 0; number < MANY; number++) {
            var copy = new Document(original).append("_id", newId.of(number));
            copy.keySet().removeAll(List.of("tasks", "task_due_at"));
            copy.computeIfPresent("organisation_key", (field, key) -> key + "-" + new ObjectId());
            copies.add(copy);
        }
        TestDatabase.data().getCollection(collection).insertMany(copies);
    }
}
