package dev.offshoot.provisioning;

import static com.mongodb.client.model.Filters.eq;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Installation.class)
class CascadeTest {
    private static final int MANY = 2 * Cascade.BATCH + 1;

    @Test
    void aLargeSubtreeIsDeletedInBoundedBatches() {
        var partner =
                PartnerClient.with(PartnerClient.root().createPartner("Partner").partnerKey());
        var child = partner.createPartner("Child");
        var grandchild = PartnerClient.with(child.partnerKey()).create("Grandchild");
        copy("organisations", new ObjectId(grandchild.id()), number -> new ObjectId());
        var key = KeySecret.parse(grandchild.apiKey()).orElseThrow().id().value();
        copy("api_keys", key, number -> key.substring(0, 4) + "%08d".formatted(number));

        var commands = Commands.during(() -> partner.delete(child.id()));

        var live = new Document("lineage", new ObjectId(child.id())).append("deletions", List.of());
        assertThat(TestDatabase.data().getCollection("organisations").countDocuments(live))
                .isZero();
        assertThat(TestDatabase.data().getCollection("api_keys").countDocuments(live))
                .isZero();
        // Three batches of keys, each found and changed; three of organisations, each found and changed twice.
        assertThat(Collections.frequency(commands, "update")).isEqualTo(1 + 3 + 2 * 3 + 1);
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
            copy.computeIfPresent("organisation_key", (field, key) -> key + "-" + new ObjectId());
            copies.add(copy);
        }
        TestDatabase.data().getCollection(collection).insertMany(copies);
    }
}
