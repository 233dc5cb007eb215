package dev.offshoot.runtime.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.client.model.IndexModel;
import dev.offshoot.scope.ScopedRepository;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.TestDatabase;
import io.quarkus.arc.All;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** That the start makes the indexes of every collection, and not of the first one only. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class IndexesTest {
    @All
    @Inject
    List<ScopedRepository<?, ?>> repositories;

    @Test
    void uniqueIndexesAreMade() {
        assertThat(indexes("organisations"))
                .contains(new Document("organisation_key", 1), new Document("live_external_key", 1));
    }

    @Test
    void everyCollectionHasItsIndexes() {
        assumeTrue(TestDatabase.hasIndexes(), "the embedded database ignores indexes that are not unique");

        assertThat(repositories).hasSizeGreaterThanOrEqualTo(7).allSatisfy(repository -> assertThat(
                        indexes(repository.collection()))
                .containsAll(
                        repository.indexes().stream().map(IndexesTest::keys).toList()));
    }

    private static Document keys(IndexModel index) {
        return Document.parse(index.getKeys().toBsonDocument().toJson());
    }

    private static List<Document> indexes(String collection) {
        return TestDatabase.data().getCollection(collection).listIndexes().into(new ArrayList<>()).stream()
                .map(index -> index.get("key", Document.class))
                .toList();
    }
}
