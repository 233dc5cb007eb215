import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.regex;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/**
 * Looks at a tree that BigTree made, and leaves work in it. Arguments: the database's URI, its name, and one of {@code sizes}
 * (prints, for each collection, documents, bytes of a document, bytes on disk, and bytes of its indexes), {@code change} (the
 * first day of this month waits to be included in its month, in all organisations), {@code reopen} (last month waits to be
 * closed, in all organisations) and {@code pending} (prints how many days and months wait, and how many organisations beneath
 * the one given are not deleted).
 */
final class TreeState {
    private TreeState() {}

    public static void main(String... arguments) {
        try (var client = MongoClients.create(arguments[0])) {
            var database = client.getDatabase(arguments[1]);
            switch (arguments[2]) {
                case "sizes" -> sizes(database);
                case "change" -> leave(
                        database, "usage_days", regex("_id", "/" + YearMonth.now(ZoneOffset.UTC).atDay(1) + "$"), pending());
                case "reopen" -> leave(
                        database,
                        "usage_months",
                        eq("month", YearMonth.now(ZoneOffset.UTC).minusMonths(1).toString()),
                        combine(set("version", 0), unset("closed_at"), pending()));
                case "pending" -> pending(database, new ObjectId(arguments[3]));
                default -> throw new IllegalArgumentException(arguments[2]);
            }
        }
    }

    private static void sizes(MongoDatabase database) {
        for (var name : List.of("organisations", "api_keys", "members", "usage_days", "usage_months")) {
            var stats = database.runCommand(new Document("collStats", name));
            System.out.printf(
                    "%s %s %s %s %s%n",
                    name, stats.get("count"), stats.get("avgObjSize"), stats.get("storageSize"), stats.get("totalIndexSize"));
        }
    }

    private static void leave(MongoDatabase database, String collection, Bson which, Bson change) {
        System.out.println(database.getCollection(collection).updateMany(which, change).getModifiedCount());
    }

    private static Bson pending() {
        return combine(set("pending_since", new Date()), set("task_due_at", new Date()));
    }

    private static void pending(MongoDatabase database, ObjectId organisation) {
        var pending = and(exists("task_due_at"), exists("pending_since"));
        var thisMonth = LocalDate.now(ZoneOffset.UTC).withDayOfMonth(1);
        System.out.printf(
                "%d %d %d%n",
                database.getCollection("usage_days").countDocuments(pending),
                database.getCollection("usage_months")
                        .countDocuments(and(pending, eq("month", YearMonth.from(thisMonth.minusDays(1)).toString()))),
                database.getCollection("organisations").countDocuments(and(eq("lineage", organisation), eq("deleted", false))));
    }
}
