package dev.offshoot.provisioning;

import static com.mongodb.client.model.Filters.eq;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.apikey.KeyMint;
import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.apikey.NewKey;
import dev.offshoot.apikey.Role;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.scope.Scopes;
import dev.offshoot.telemetry.Jobs;
import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.value.OrgId;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was created is confirmed by its replica, together and soon. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class BatchConfirmationTest {
    @Inject
    BatchConfirmation confirmation;

    @Inject
    OrganisationRepository organisations;

    @Inject
    KeyRepository keys;

    @Inject
    Confirmation alone;

    @Inject
    KeyMint mint;

    @Inject
    Jobs jobs;

    @Inject
    Clock clock;

    private final PartnerClient partner = PartnerClient.newPartner();

    @BeforeEach
    void confirmWhatOthersCreated() {
        flush();
    }

    @Test
    void manyCreationsAreConfirmedInThreeCommands() {
        var parent = partner.createPartner("Parent");
        var child = PartnerClient.with(parent.partnerKey()).create("Child");
        partner.mint(PartnerClient.keysOf(child.id()), "standard");
        assertThat(tasksBeneath(parent.id())).hasSize(6);

        assertThat(Commands.during(this::flush)).containsExactly("find", "update", "update");

        assertThat(tasksBeneath(parent.id())).isEmpty();
        assertThat(Commands.during(this::flush)).isEmpty();
    }

    @Test
    void successorOfARotatedKeyIsConfirmedToo() {
        var child = partner.create("Child");
        var path = PartnerClient.keysOf(child.id());
        var key = partner.mint(path, "standard");
        flush();
        partner.send("POST", path + "/" + key.id() + "/rotate", Map.of());
        assertThat(tasksBeneath(child.id())).hasSize(1);

        flush();

        assertThat(tasksBeneath(child.id())).isEmpty();
    }

    @Test
    void creationBeneathAnOrganisationDeletedMeanwhileIsDeletedWithItsKeys() {
        var parent = partner.createPartner("Parent");
        var child = PartnerClient.with(parent.partnerKey()).create("Child");
        Stored.deleteWithoutCascade(parent.id());

        flush();

        var deletion = Stored.organisation(parent.id()).getList("deletions", ObjectId.class);
        assertThat(Stored.tree(child.id()).values())
                .flatExtracting(records -> records)
                .hasSize(2)
                .allSatisfy(record ->
                        assertThat(record.getList("deletions", ObjectId.class)).isEqualTo(deletion));
        assertThat(tasksBeneath(child.id())).isEmpty();
    }

    @Test
    void creationBeneathAnOrganisationThatIsGoneIsRemovedWithItsKeys() {
        var parent = partner.createPartner("Parent");
        var child = PartnerClient.with(parent.partnerKey()).create("Child");
        TestDatabase.data().getCollection("organisations").deleteOne(eq("_id", new ObjectId(parent.id())));
        TestDatabase.data().getCollection("api_keys").deleteMany(eq("organisation", new ObjectId(parent.id())));

        flush();

        assertThat(Stored.tree(child.id()).values())
                .flatExtracting(records -> records)
                .isEmpty();
    }

    @Test
    void organisationWithAnotherTaskIsLeftToTheQueue() {
        var child = partner.create("Child");
        TestDatabase.data()
                .getCollection("organisations")
                .updateOne(
                        eq("_id", new ObjectId(child.id())),
                        Stored.leavingTask("MEMBER_REMOVAL", new ObjectId(), clock.instant()));

        flush();

        assertThat(tasksBeneath(child.id()))
                .extracting(task -> task.getString("type"))
                .containsExactly("CONFIRM", "MEMBER_REMOVAL");
    }

    @Test
    void confirmationChangesNoRevision() {
        var child = partner.create("Child").id();
        var before = Stored.organisation(child).getLong("revision");

        flush();

        assertThat(Stored.organisation(child).getLong("revision")).isEqualTo(before);
    }

    @Test
    void whatDoesNotFitIntoMemoryIsLeftToTheQueue() {
        var full = new BatchConfirmation(organisations, keys, alone, jobs);
        var wanted = NewKey.unlimited("Key", List.of(Role.STANDARD));
        var key = mint.record(KeySecret.mint(), wanted, List.of(OrgId.ROOT), clock.instant());
        for (var i = 0; i < 2 * BatchConfirmation.CAPACITY; i++) {
            full.add(Scopes.ofAnOrganisation(), key);
        }

        var commands = Commands.during(() -> full.flush().await().indefinitely());

        assertThat(Collections.frequency(commands, "find")).isEqualTo(BatchConfirmation.CAPACITY / 1000 + 1);
        assertThat(Commands.during(() -> full.flush().await().indefinitely())).isEmpty();
    }

    @Test
    void whatWaitsIsConfirmedWhenTheProcessEnds() {
        var child = partner.create("Child").id();

        confirmation.flushLast(new ShutdownEvent());

        assertThat(tasksBeneath(child)).isEmpty();
    }

    private void flush() {
        confirmation.flush().await().indefinitely();
    }

    private static List<Document> tasksBeneath(String organisation) {
        return Stored.tree(organisation).values().stream()
                .flatMap(Collection::stream)
                .flatMap(record -> record.getList("tasks", Document.class, List.of()).stream())
                .toList();
    }
}
