package dev.offshoot.scope;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.empty;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.ne;
import static com.mongodb.client.model.Filters.or;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bson.BsonDocument;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.Test;

/** All conditions stand in one document, and none is lost. */
class ConjunctionTest {

    @Test
    void conditionsOnDifferentFieldsStandSideBySide() {
        assertThat(of(eq("lineage", 1), and(eq("_id", 2), and(eq("deleted", false), empty()))))
                .isEqualTo(BsonDocument.parse("{lineage: 1, _id: 2, deleted: false}"));
    }

    @Test
    void secondConditionOnAFieldIsKept() {
        assertThat(of(eq("lineage", 1), and(ne("lineage.0", 1), eq("lineage", 2), gt("_id", 3), ne("_id", 4))))
                .isEqualTo(BsonDocument.parse("{lineage: 1, 'lineage.0': {$ne: 1}, _id: {$gt: 3},"
                        + " $and: [{lineage: 2}, {_id: {$ne: 4}}]}"));
    }

    @Test
    void alternativesStayWhatTheyAre() {
        var both = and(or(eq("a", 1), eq("b", 2)), or(eq("c", 3), eq("d", 4)));

        assertThat(of(eq("lineage", 1), both))
                .isEqualTo(BsonDocument.parse("{lineage: 1, $or: [{a: 1}, {b: 2}], $and: [{$or: [{c: 3}, {d: 4}]}]}"));
    }

    private static BsonDocument of(Bson... conditions) {
        return new Conjunction(List.of(conditions)).toBsonDocument();
    }
}
