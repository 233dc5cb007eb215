package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.offshoot.testing.Installation;
import dev.offshoot.testing.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** That the start makes the indexes of every collection, and not of the first one only. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class IndexesTest {

    @Test
    void uniqueIndexesAreMade() {
        assertThat(indexes("organisations"))
                .contains(new Document("organisation_key", 1), new Document("live_external_key", 1));
    }

    @Test
    void everyCollectionHasItsIndexes() {
        assumeTrue(TestDatabase.hasIndexes(), "the embedded database ignores indexes that are not unique");

        assertThat(indexes("organisations")).contains(new Document("owed.since", 1));
        assertThat(indexes("api_keys")).contains(new Document("owed.since", 1));
        assertThat(indexes("usage_records")).contains(new Document("underived.since", 1));
        assertThat(indexes("usage_days"))
                .contains(
                        new Document("open_month", 1),
                        new Document("lineage", 1).append("month", 1).append("open_month", 1));
        assertThat(indexes("usage_months")).contains(new Document("lineage", 1).append("month", 1));
    }

    private static List<Document> indexes(String collection) {
        return TestDatabase.data().getCollection(collection).listIndexes().into(new ArrayList<>()).stream()
                .map(index -> index.get("key", Document.class))
                .toList();
    }
}
