package dev.offshoot.testing;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Updates.set;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/** Invitations, in numbers and states, put there by hand. */
public final class Guests {
    private Guests() {}

    /** Gives an organisation without invitations so many; the addresses are {@code guest0000@example.com} and so on. */
    public static void fill(String organisation, int invitations) {
        var owner = Stored.organisation(organisation);
        TestDatabase.data()
                .getCollection("invitations")
                .insertMany(IntStream.range(0, invitations)
                        .mapToObj(number -> invitation(owner, number))
                        .toList());
    }

    /** Lets the invitation of that address have expired a while ago. */
    public static void expire(String organisation, String username) {
        change(organisation, username, set("expires_at", Date.from(Instant.now().minusSeconds(1))));
    }

    /** As a request that was cut off right behind the inserting of the invitation leaves it. */
    public static void leavePending(String organisation, String username) {
        var since = Instant.now().minus(Duration.ofMinutes(2));
        change(organisation, username, Stored.leavingTask("CONFIRM", null, since));
    }

    /** Gives a member an address as if its invitation had been made meanwhile. */
    public static void giveAddress(String organisation, String userId, String email) {
        TestDatabase.data()
                .getCollection("members")
                .updateOne(eq("_id", organisation + "/" + userId), set("email_key", email));
    }

    /** How many are stored, expired or not. */
    public static long stored(String organisation) {
        return TestDatabase.data()
                .getCollection("invitations")
                .countDocuments(eq("organisation", new ObjectId(organisation)));
    }

    private static void change(String organisation, String username, Bson update) {
        TestDatabase.data()
                .getCollection("invitations")
                .updateOne(and(eq("organisation", new ObjectId(organisation)), eq("username", username)), update);
    }

    private static Document invitation(Document organisation, int number) {
        var username = "guest%04d@example.com".formatted(number);
        var id = organisation.getObjectId("_id");
        return new Document("_id", id + "/" + username)
                .append("tenant", organisation.getObjectId("tenant"))
                .append("organisation", id)
                .append("lineage", organisation.getList("lineage", ObjectId.class))
                .append("invitation", new ObjectId())
                .append("slot", id + "/" + number)
                .append("username_key", username)
                .append("username", username)
                .append("roles", List.of("ORG_MEMBER"))
                .append("by", "0123456789ab")
                .append("by_depth", 0)
                .append("created_at", new Date())
                .append("expires_at", Date.from(Instant.now().plus(Duration.ofDays(30))))
                .append("tasks", List.of());
    }
}
