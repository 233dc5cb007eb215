package dev.offshoot.testing;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.pull;
import static com.mongodb.client.model.Updates.set;

import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.types.ObjectId;

/** Members in numbers, put there by hand. */
public final class ManyMembers {
    private ManyMembers() {}

    /** Gives an organisation without members so many of them; their user ids are {@code user00000} and so on. */
    public static void fill(String organisation, int members) {
        var owner = Stored.organisation(organisation);
        var now = new Date();
        TestDatabase.data()
                .getCollection("members")
                .insertMany(IntStream.range(0, members)
                        .mapToObj(number -> member(owner, "user%05d".formatted(number), now))
                        .toList());
        TestDatabase.data()
                .getCollection("organisations")
                .updateOne(eq("_id", owner.getObjectId("_id")), set("members", members));
    }

    private static Document member(Document organisation, String userId, Date now) {
        return new Document("_id", organisation.getObjectId("_id") + "/" + userId)
                .append("tenant", organisation.getObjectId("tenant"))
                .append("organisation", organisation.getObjectId("_id"))
                .append("lineage", organisation.getList("lineage", ObjectId.class))
                .append("user_id", userId)
                .append("membership", new ObjectId())
                .append("role", "MEMBER")
                .append("revision", 1L)
                .append("created_at", now)
                .append("updated_at", now);
    }

    /** As an addition that was cut off right behind the inserting of its record leaves it. */
    public static void leavePending(String organisation, String userId) {
        var membership = record(organisation, userId).getObjectId("membership");
        var addition = Stored.leavingTask("MEMBER_ADDITION", membership, Instant.now());
        TestDatabase.data()
                .getCollection("organisations")
                .updateOne(eq("_id", new ObjectId(organisation)), combine(pull("owners", membership), addition));
    }

    /** As if the record had never been inserted. */
    public static void loseRecord(String organisation, String userId) {
        TestDatabase.data().getCollection("members").deleteOne(eq("_id", organisation + "/" + userId));
    }

    /** How many members of the organisation are being added. */
    public static long pendingAdditions(String organisation) {
        return Stored.organisation(organisation).getList("tasks", Document.class, List.of()).stream()
                .filter(task -> task.getString("type").equals("MEMBER_ADDITION"))
                .count();
    }

    private static Document record(String organisation, String userId) {
        return Objects.requireNonNull(TestDatabase.data()
                .getCollection("members")
                .find(eq("_id", organisation + "/" + userId))
                .first());
    }
}
