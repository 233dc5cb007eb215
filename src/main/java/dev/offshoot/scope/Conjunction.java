package dev.offshoot.scope;

import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.codecs.configuration.CodecRegistry;
import org.bson.conversions.Bson;

/**
 * Conditions that all have to hold, as one document without needless nesting: a simple server, such as the embedded one,
 * finds a record by its id only where the id stands in the filter itself.
 */
record Conjunction(List<Bson> conditions) implements Bson {
    private static final String AND = "$and";

    @Override
    public <T> BsonDocument toBsonDocument(Class<T> type, CodecRegistry registry) {
        var flat = new BsonDocument();
        var rest = new BsonArray();
        conditions.forEach(condition -> flatten(condition.toBsonDocument(type, registry), flat, rest));
        return rest.isEmpty() ? flat : flat.append(AND, rest);
    }

    /** A second condition on the same field stays one of its own. */
    private static void flatten(BsonDocument condition, BsonDocument flat, BsonArray rest) {
        condition.forEach((field, value) -> {
            if (field.equals(AND)) {
                value.asArray().forEach(each -> flatten(each.asDocument(), flat, rest));
            } else {
                add(field, value, flat, rest);
            }
        });
    }

    private static void add(String field, BsonValue value, BsonDocument flat, BsonArray rest) {
        if (flat.containsKey(field)) {
            rest.add(new BsonDocument(field, value));
        } else {
            flat.append(field, value);
        }
    }
}
