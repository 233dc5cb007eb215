package dev.offshoot.testing;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.empty;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.ne;

import dev.offshoot.apikey.KeySecret;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/** The stored tree, looked at from behind. */
public final class Tree {
    private Tree() {}

    /** What must never be once the task queue has run, in words; empty when the tree is whole. */
    public static List<String> flaws() {
        return flaws(empty());
    }

    /** The same of an organisation and of all beneath it. What other tests leave to the task queue is no matter there. */
    public static List<String> flawsBeneath(String organisation) {
        return flaws(eq("lineage", new ObjectId(organisation)));
    }

    private static List<String> flaws(Bson records) {
        var flaws = new ArrayList<String>();
        Map<ObjectId, Document> organisations = new HashMap<>();
        TestDatabase.data()
                .getCollection("organisations")
                .find(records)
                .forEach(o -> organisations.put(o.getObjectId("_id"), o));
        for (var organisation : organisations.values()) {
            var parent = organisations.get(organisation.getObjectId("parent"));
            if (parent != null && parent.getBoolean("deleted") && !organisation.getBoolean("deleted")) {
                flaws.add("live beneath a deleted one: " + organisation.toJson());
            }
            if (hasChanges(organisation)) {
                flaws.add("has what a change left: " + organisation.toJson());
            }
            if (organisation.containsKey("task_due_at") || hasTasks(organisation)) {
                flaws.add("has a pending task: " + organisation.toJson());
            }
        }
        TestDatabase.data().getCollection("api_keys").find(records).forEach(key -> {
            var organisation = organisations.get(key.getObjectId("organisation"));
            if (organisation == null) {
                flaws.add("a key of nobody: " + key.getString("_id"));
            } else if (organisation.getBoolean("deleted")
                    && key.getList("deletions", ObjectId.class).isEmpty()) {
                flaws.add("a good key of a deleted organisation: " + key.getString("_id"));
            }
            if (hasChanges(key)) {
                flaws.add("a key has what a change left: " + key.getString("_id"));
            }
            if (key.containsKey("task_due_at") || hasTasks(key)) {
                flaws.add("a key has a pending task: " + key.getString("_id"));
            }
        });
        flaws.addAll(flawsOfMembers(records));
        flaws.addAll(flawsOfInvitations(records));
        return flaws;
    }

    /** Nobody is invited who is a member, each invitation has a slot of its own, and none is left to be confirmed. */
    public static List<String> flawsOfInvitations() {
        return flawsOfInvitations(empty());
    }

    private static List<String> flawsOfInvitations(Bson records) {
        var members = new HashSet<String>();
        TestDatabase.data()
                .getCollection("members")
                .find(and(records, exists("email_key")))
                .forEach(member ->
                        members.add(member.getObjectId("organisation") + "/" + member.getString("email_key")));
        var slots = new HashSet<String>();
        var flaws = new ArrayList<String>();
        TestDatabase.data().getCollection("invitations").find(records).forEach(invitation -> {
            if (members.contains(invitation.getString("_id"))) {
                flaws.add("a member is invited: " + invitation.toJson());
            }
            if (!slots.add(invitation.getString("slot"))) {
                flaws.add("two in one slot: " + invitation.toJson());
            }
            if (invitation.containsKey("task_due_at") || hasTasks(invitation)) {
                flaws.add("an invitation has a pending task: " + invitation.toJson());
            }
        });
        return flaws;
    }

    /** Each organisation has taken as many slots as it has members, and its owners are among them. */
    public static List<String> flawsOfMembers() {
        return flawsOfMembers(empty());
    }

    private static List<String> flawsOfMembers(Bson records) {
        Map<ObjectId, Set<ObjectId>> memberships = new HashMap<>();
        TestDatabase.data().getCollection("members").find(records).forEach(member -> memberships
                .computeIfAbsent(member.getObjectId("organisation"), id -> new HashSet<>())
                .add(member.getObjectId("membership")));
        var flaws = new ArrayList<String>();
        for (var organisation :
                TestDatabase.data().getCollection("organisations").find(records)) {
            var theirs = memberships.getOrDefault(organisation.getObjectId("_id"), Set.of());
            if (organisation.getInteger("members", 0) != theirs.size()) {
                flaws.add(theirs.size() + " members in: " + organisation.toJson());
            }
            if (!theirs.containsAll(organisation.getList("owners", ObjectId.class, List.of()))) {
                flaws.add("an owner who is no member: " + organisation.toJson());
            }
        }
        return flaws;
    }

    private static boolean hasChanges(Document record) {
        return !record.getList("changes", Document.class, List.of()).isEmpty();
    }

    private static boolean hasTasks(Document record) {
        return !record.getList("tasks", Document.class, List.of()).isEmpty();
    }

    /** The keys stored beneath a partner's own organisation. */
    public static List<String> keysOf(PartnerClient partner) {
        var organisation = key(partner).getObjectId("organisation");
        return TestDatabase.data()
                .getCollection("api_keys")
                .find(and(eq("lineage", organisation), ne("organisation", organisation)))
                .map(key -> key.getString("_id"))
                .into(new ArrayList<>());
    }

    /** A second partner key of the same organisation, put there by hand. Nothing has to be done for it. */
    public static String anotherPartnerKeyOf(PartnerClient partner) {
        var secret = KeySecret.mint();
        var copy = key(partner);
        copy.put("_id", secret.id().value());
        copy.put("digest", secret.digest());
        copy.put("hint", secret.hint());
        copy.remove("tasks");
        copy.remove("task_due_at");
        TestDatabase.data().getCollection("api_keys").insertOne(copy);
        return secret.reveal();
    }

    private static Document key(PartnerClient client) {
        var id = KeySecret.parse(Objects.requireNonNull(client.key()))
                .orElseThrow()
                .id()
                .value();
        return TestDatabase.data().getCollection("api_keys").find(eq("_id", id)).first();
    }
}
