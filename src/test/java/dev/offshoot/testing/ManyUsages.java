package dev.offshoot.testing;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.types.ObjectId;

/** The usage of many organisations, put into the database by hand. */
public final class ManyUsages {
    private static final List<String> COLLECTIONS = List.of("usage_days", "usage_months");
    private static final int BATCH = 5000;
    private static final List<ObjectId> ORGANISATIONS = new ArrayList<>();

    private ManyUsages() {}

    /** Copies what those collections store of an organisation to so many beside it, which have nothing else. */
    public static void copy(String organisation, int copies, String... collections) {
        var made = IntStream.range(0, copies).mapToObj(number -> new ObjectId()).toList();
        ORGANISATIONS.addAll(made);
        for (var collection : collections) {
            copy(collection, organisation, made);
        }
    }

    /** Takes the many away again: the embedded database looks through all there are for many a query of later tests. */
    public static void clear() {
        COLLECTIONS.forEach(
                each -> TestDatabase.data().getCollection(each).deleteMany(in("organisation", ORGANISATIONS)));
        ORGANISATIONS.clear();
    }

    private static void copy(String collection, String organisation, List<ObjectId> made) {
        var stored = TestDatabase.data().getCollection(collection);
        var models = stored.find(eq("organisation", new ObjectId(organisation))).into(new ArrayList<>());
        var copies = made.stream()
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
