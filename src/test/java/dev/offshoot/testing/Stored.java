package dev.offshoot.testing;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Updates.addToSet;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.min;
import static com.mongodb.client.model.Updates.pull;
import static com.mongodb.client.model.Updates.push;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.apikey.SealedKeys;
import dev.offshoot.value.OrgId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/** What is stored, to look at it and to bring about states that no call leads to. */
public final class Stored {
    private static final String ORGANISATIONS = "organisations";
    private static final String KEYS = "api_keys";
    private static final String MEMBERS = "members";
    private static final String INVITATIONS = "invitations";

    private Stored() {}

    /** The organisation's whole document. */
    public static Document organisation(String id) {
        return Objects.requireNonNull(TestDatabase.data()
                .getCollection(ORGANISATIONS)
                .find(eq("_id", new ObjectId(id)))
                .first());
    }

    /** Every document of an organisation and of all beneath it, by collection, in order. */
    public static Map<String, List<Document>> tree(String id) {
        return Stream.of(ORGANISATIONS, KEYS, MEMBERS, INVITATIONS)
                .collect(Collectors.toMap(Function.identity(), collection -> documents(collection, id)));
    }

    /** A further key of the same organisation, which differs from the given one in those stored fields. */
    public static String otherKey(String key, Map<String, ?> changes) {
        return copy(key, KeySecret.mint(), changes);
    }

    /** A well-formed key that has the id of a further key of the same organisation, but not its secret. */
    public static String keyWithWrongSecret(String key) {
        var wrong = KeySecret.mint();
        var right = KeySecret.mint();
        return copy(
                key, wrong, Map.of("digest", right.digest(), "sealed_ha1", SealedKeys.sealedHa1(wrong.id(), right)));
    }

    /** A further key of the same organisation, stored without that field. */
    public static String keyWithout(String key, String field) {
        var other = otherKey(key, Map.of());
        var id = idOf(other);
        TestDatabase.data().getCollection(KEYS).updateOne(eq("_id", id), unset(field));
        return other;
    }

    /** As if that key did not keep the root open. */
    public static void forgetRootKey(String key) {
        root(pull("root_keys", idOf(key)));
    }

    public static void noteRootKey(String key) {
        root(addToSet("root_keys", idOf(key)));
    }

    /** The ids of the root's live partner keys without expiry and access list. */
    public static List<String> openRootKeys() {
        return TestDatabase.data()
                .getCollection(KEYS)
                .find(and(
                        eq("organisation", OrgId.ROOT.value()),
                        eq("roles", "PARTNER"),
                        eq("expires_at", null),
                        eq("ends_at", null),
                        eq("revoked_at", null),
                        exists("access_list.0", false)))
                .map(key -> key.getString("_id"))
                .into(new ArrayList<>());
    }

    private static void root(Bson update) {
        TestDatabase.data().getCollection(ORGANISATIONS).updateOne(eq("_id", OrgId.ROOT.value()), update);
    }

    private static String idOf(String key) {
        return KeySecret.parse(key).orElseThrow().id().value();
    }

    /** Leaves a key's task to the task queue. */
    public static void leaveTask(String key) {
        var id = idOf(key);
        TestDatabase.data().getCollection(KEYS).updateOne(eq("_id", id), leavingTask("CONFIRM", null, Instant.now()));
    }

    /** As a deletion that was cut off right behind its commit point leaves it; the task queue will end it. */
    public static void deleteWithoutCascade(String id) {
        var deletion = new ObjectId();
        var now = new Date();
        TestDatabase.data()
                .getCollection(ORGANISATIONS)
                .updateOne(
                        eq("_id", new ObjectId(id)),
                        combine(
                                set("deleted", true),
                                set("deleted_at", now),
                                push("deletions", deletion),
                                leavingTask("CASCADE", deletion, now.toInstant())));
    }

    /** Takes the tasks of a new organisation away, as its confirmation does. */
    public static void confirm(String id) {
        TestDatabase.data()
                .getCollection(ORGANISATIONS)
                .updateOne(eq("_id", new ObjectId(id)), combine(unset("tasks"), unset("task_due_at")));
    }

    /** The change that leaves a task in a record, due a minute after that time. */
    public static Bson leavingTask(String type, @Nullable ObjectId subject, Instant since) {
        var task = new Document("id", new ObjectId())
                .append("type", type)
                .append("since", Date.from(since))
                .append("attempts", 0);
        if (subject != null) {
            task.append("subject", subject);
        }
        return combine(push("tasks", task), min("task_due_at", Date.from(since.plusSeconds(60))));
    }

    private static String copy(String key, KeySecret secret, Map<String, ?> changes) {
        var copy = key(key);
        copy.put("_id", secret.id().value());
        copy.put("digest", secret.digest());
        copy.put("hint", secret.hint());
        copy.put("sealed_ha1", SealedKeys.sealedHa1(secret));
        copy.putAll(changes);
        TestDatabase.data().getCollection(KEYS).insertOne(copy);
        return secret.reveal();
    }

    private static Document key(String key) {
        var id = KeySecret.parse(key).orElseThrow().id().value();
        return Objects.requireNonNull(
                TestDatabase.data().getCollection(KEYS).find(eq("_id", id)).first());
    }

    private static List<Document> documents(String collection, String lineage) {
        return TestDatabase.data()
                .getCollection(collection)
                .find(eq("lineage", new ObjectId(lineage)))
                .sort(new Document("_id", 1))
                .into(new ArrayList<>());
    }
}
