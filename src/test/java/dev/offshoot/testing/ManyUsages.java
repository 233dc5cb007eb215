package dev.offshoot.testing;

import static com.mongodb.client.model.Filters.eq;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/** The usage of many organisations, put into the database by hand. */
public final class ManyUsages {
    private static final int BATCH = 5000;

    private ManyUsages() {}

    /** Copies what those collections store of an organisation to so many beside it, which have nothing else. */
    public static void copy(String organisation, int copies, String... collections) {
        var made = IntStream.range(0, copies).mapToObj(number -> new ObjectId()).toList();
        for (var collection : collections) {
            copy(collection, eq("organisation", new ObjectId(organisation)), made);
        }
    }

    /** Copies what of a collection matches to each of these organisations, which are beside the one that it is of. */
    public static void copy(String collection, Bson which, List<ObjectId> organisations) {
        var stored = TestDatabase.data().getCollection(collection);
        var models = stored.find(which).into(new ArrayList<>());
        var copies = organisations.stream()
                .flatMap(id -> models.stream().map(model -> copy(model, id)))
                .toList();
        for (var from = 0; from < copies.size(); from += BATCH) {
            stored.insertMany(copies.subList(from, Math.min(from + BATCH, copies.size())));
        }
    }

    private static Document copy(Document model, ObjectId organisation) {
        var lineage = new ArrayList<>(model.getList("lineage", ObjectId.class));
        lineage.set(0, organisation);
        var time = model.getString("_id").substring(model.getString("_id").indexOf('/'));
        return new Document(model)
                .append("_id", organisation + time)
                .append("organisation", organisation)
                .append("lineage", lineage);
    }
}
