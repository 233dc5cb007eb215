package dev.offshoot.testing;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.elemMatch;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Updates.addToSet;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.min;
import static com.mongodb.client.model.Updates.pull;
import static com.mongodb.client.model.Updates.push;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.apikey.SealedKeys;
import dev.offshoot.task.PendingTask;
import dev.offshoot.value.OrgId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/** What is stored, to look at it and to bring about states that no call leads to. */
public final class Stored {
    private static final String ORGANISATIONS = "organisations";
    private static final String KEYS = "api_keys";
    private static final String MEMBERS = "members";
    private static final String INVITATIONS = "invitations";
    private static final String CLAIMS = "requests";

    private Stored() {}

    /** The organisation's whole document. */
    public static Document organisation(String id) {
        return Objects.requireNonNull(TestDatabase.data()
                .getCollection(ORGANISATIONS)
                .find(eq("_id", new ObjectId(id)))
                .first());
    }

    /** The ids of an organisation and of all beneath it. */
    public static List<ObjectId> organisations(String id) {
        return documents(ORGANISATIONS, id).stream()
                .map(organisation -> organisation.getObjectId("_id"))
                .toList();
    }

    /** Every document of an organisation and of all beneath it, by collection, in order. */
    public static Map<String, List<Document>> tree(String id) {
        return Stream.of(ORGANISATIONS, KEYS, MEMBERS, INVITATIONS)
                .collect(Collectors.toMap(Function.identity(), collection -> documents(collection, id)));
    }

    /** The documents of a collection in their own bytes, a character each, as a dump of the database has them. */
    public static List<String> bytes(String collection, Bson filter) {
        return TestDatabase.data()
                .getCollection(collection, RawBsonDocument.class)
                .find(filter)
                .map(document -> StandardCharsets.ISO_8859_1
                        .decode(document.getByteBuffer().asNIO())
                        .toString())
                .into(new ArrayList<>());
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

    /** The ids that the root's record has of its unrestricted keys. */
    public static List<String> notedRootKeys() {
        return organisation(OrgId.ROOT.value().toHexString()).getList("root_keys", String.class);
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

    /** The same of a new key. */
    public static void confirmKey(String id) {
        TestDatabase.data().getCollection(KEYS).updateOne(eq("_id", id), combine(unset("tasks"), unset("task_due_at")));
    }

    /** The record of the key with that id. */
    public static Document apiKey(String id) {
        return Objects.requireNonNull(
                TestDatabase.data().getCollection(KEYS).find(eq("_id", id)).first());
    }

    /** What {@link #changeElsewhere} sets if that is not shown. */
    public static final Document LIMITS_OF_ELSEWHERE = new Document("requests_per_second", 7L).append("burst", 7L);

    /** As another replica changes an organisation in a way that is shown, or as it sets its rate limit. */
    public static void changeElsewhere(String id, boolean isShown) {
        var change = isShown
                ? combine(set("name", "Changed elsewhere"), inc("shown", 1L))
                : set("limits", LIMITS_OF_ELSEWHERE);
        TestDatabase.data()
                .getCollection(ORGANISATIONS)
                .updateOne(eq("_id", new ObjectId(id)), combine(change, inc("revision", 1L)));
    }

    /** As an organisation was stored before its changes were counted that are shown. */
    public static void forgetShown(String id) {
        TestDatabase.data().getCollection(ORGANISATIONS).updateOne(eq("_id", new ObjectId(id)), unset("shown"));
    }

    /** What is stored for the writes that a partner's organisation may send again. */
    public static List<Document> claims(PartnerClient partner) {
        return TestDatabase.data().getCollection(CLAIMS).find(claimsOf(partner)).into(new ArrayList<>());
    }

    /** As if these claims had been made so long ago. */
    public static void ageClaims(PartnerClient partner, Duration by) {
        var at = Date.from(Instant.now().minus(by));
        TestDatabase.data().getCollection(CLAIMS).updateMany(claimsOf(partner), set("created_at", at));
    }

    /** As if the changes beneath that organisation whose answers may not be kept had been made a day ago. */
    public static void ageAnsweredChanges(String id) {
        var since = Date.from(Instant.now().minus(PendingTask.REPEATABLE));
        var later = elemMatch("tasks", and(eq("type", "ANSWER"), gt("since", since)));
        updateBeneath(id, later, combine(set("tasks.$.since", since), set("task_due_at", new Date())));
    }

    /** As if the first task of each record beneath that organisation had waited for a day. The queue takes it up then. */
    public static void agePendingTasks(String id) {
        var since = Date.from(Instant.now().minus(PendingTask.REPEATABLE));
        updateBeneath(id, exists("tasks.0"), combine(set("tasks.0.since", since), set("task_due_at", since)));
    }

    private static void updateBeneath(String id, Bson filter, Bson update) {
        for (var collection : List.of(ORGANISATIONS, KEYS)) {
            TestDatabase.data()
                    .getCollection(collection)
                    .updateMany(and(eq("lineage", new ObjectId(id)), filter), update);
        }
    }

    /** As if whoever does the work had died a while ago. */
    public static void endLeases(PartnerClient partner) {
        var at = new Date();
        TestDatabase.data()
                .getCollection(CLAIMS)
                .updateMany(and(claimsOf(partner), gt("leased_until", at)), set("leased_until", at));
    }

    /** As if the work under these claims were still being done. */
    public static void takeAnswers(PartnerClient partner) {
        TestDatabase.data().getCollection(CLAIMS).updateMany(claimsOf(partner), unset("answer"));
    }

    private static Bson claimsOf(PartnerClient partner) {
        return eq("lineage.0", key(Objects.requireNonNull(partner.key())).getObjectId("organisation"));
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
        return apiKey(KeySecret.parse(key).orElseThrow().id().value());
    }

    private static List<Document> documents(String collection, String lineage) {
        return TestDatabase.data()
                .getCollection(collection)
                .find(eq("lineage", new ObjectId(lineage)))
                .sort(new Document("_id", 1))
                .into(new ArrayList<>());
    }
}
