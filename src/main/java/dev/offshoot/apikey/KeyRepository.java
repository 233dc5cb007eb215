package dev.offshoot.apikey;

import static com.mongodb.client.model.Filters.all;
import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.ne;
import static com.mongodb.client.model.Filters.nin;
import static com.mongodb.client.model.Filters.not;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Filters.size;
import static com.mongodb.client.model.Projections.include;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.pull;
import static com.mongodb.client.model.Updates.push;
import static com.mongodb.client.model.Updates.pushEach;
import static com.mongodb.client.model.Updates.set;

import com.mongodb.client.model.Filters;
import dev.offshoot.database.DatabaseGate;
import dev.offshoot.digest.Sealed;
import dev.offshoot.scope.Located;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.ScopedRepository;
import dev.offshoot.task.PendingTask;
import dev.offshoot.task.TaskRepository;
import dev.offshoot.task.TaskType;
import dev.offshoot.value.AddressRange;
import dev.offshoot.value.KeyId;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bson.codecs.pojo.annotations.BsonId;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/** The keys' collection. */
@Singleton
public class KeyRepository extends TaskRepository<ApiKey, KeyId> {

    private static final class Raw implements ReactivePanacheMongoRepositoryBase<ApiKey, KeyId> {}

    KeyRepository(DatabaseGate gate) {
        super(gate, new Raw(), index("lineage", "_id"), index("organisation", "_id"));
    }

    /** The key and the scope that it opens, to find out who calls. */
    Uni<Optional<Located<ApiKey>>> identify(KeyId id) {
        return authenticate(id);
    }

    /** The keys in order of their ids, and one more than asked for, where there is one. */
    public Uni<List<ApiKey>> list(KeyListing listing) {
        var after = listing.after();
        var from = after == null ? filter(listing) : and(filter(listing), gt("_id", after));
        return list(listing.scope(), listed(listing, from), ascending("_id"), listing.skip(), listing.limit() + 1);
    }

    public Uni<Long> count(KeyListing listing) {
        return count(listing.scope(), listed(listing, filter(listing)));
    }

    public Uni<Optional<ApiKey>> find(OrgScope scope, OrgId organisation, KeyId id, Set<Role> roles) {
        return find(scope, and(eq("_id", id), live(organisation, roles)));
    }

    /** As {@link #find} for a key that may have been revoked. */
    public Uni<Optional<ApiKey>> findEvenRevoked(OrgScope scope, OrgId organisation, KeyId id, Set<Role> roles) {
        return find(scope, and(eq("_id", id), eq("organisation", organisation), present(roles)));
    }

    /** Stores what a change made of a live key, if nobody else changed it since it was read. */
    public Uni<Boolean> change(OrgScope scope, ApiKey read, ApiKey changed) {
        return update(
                scope,
                and(asRead(read), notMadeYet(read, changed)),
                combine(
                        set("name", changed.name()),
                        set("roles", changed.roles()),
                        setOrUnset("expires_at", changed.expiresAt()),
                        setOrUnset("ends_at", changed.endsAt()),
                        setOrUnset("successor", changed.successor()),
                        changed.accessEntries().equals(read.accessEntries())
                                ? combine()
                                : set("access_list", changed.accessEntries()),
                        leaving(read, changed)));
    }

    /** Another try may have made the change, and somebody else undone it, so that the key is again as it was read. */
    private static Bson notMadeYet(ApiKey read, ApiKey changed) {
        var made = changed.changesLeft().stream()
                .filter(left -> !read.changesLeft().contains(left))
                .map(ChangedKey::id)
                .toList();
        return made.isEmpty() ? Filters.empty() : nin("changes.id", made);
    }

    /**
     * Revokes a live key. False if it is not live any more.
     *
     * @param revocation the id of the call that revokes it
     */
    public Uni<Boolean> revoke(OrgScope scope, ApiKey key, ObjectId revocation, Instant now) {
        return update(scope, stillLive(key), revoking(revocation, now));
    }

    /**
     * Adds entries to a live key's access list, unless one of them is on it or it has no room for all of them.
     *
     * @param most how many entries a list may have
     * @param unchanged only if the list is still as it was read
     */
    public Uni<Boolean> allow(OrgScope scope, ApiKey read, List<AccessEntry> entries, int most, boolean unchanged) {
        var taken = entries.stream().map(AccessEntry::range).toList();
        return update(
                scope,
                and(
                        stillLive(read),
                        nin("access_list.range", taken),
                        exists("access_list." + (most - entries.size()), false),
                        unchanged ? sameList(read) : Filters.empty()),
                pushEach("access_list", entries));
    }

    /**
     * Takes an entry off a live key's access list.
     *
     * @param unchanged only if the list is still as it was read
     */
    public Uni<Boolean> disallow(OrgScope scope, ApiKey read, AddressRange range, boolean unchanged) {
        return update(
                scope,
                and(
                        stillLive(read),
                        eq("access_list.range", range.cidr()),
                        unchanged ? sameList(read) : Filters.empty()),
                pull("access_list", eq("range", range.cidr())));
    }

    /** Ids of live keys in the scope whose roles are all among those, behind that one, at most {@code limit}. */
    Uni<List<KeyId>> live(OrgScope scope, Set<Role> roles, Optional<KeyId> after, int limit) {
        var behind = after.map(id -> gt("_id", id)).orElse(Filters.empty());
        return list(
                        scope,
                        and(exists("revoked_at", false), present(roles), behind),
                        Place.class,
                        include("lineage"),
                        limit)
                .map(places -> places.stream().map(Place::id).toList());
    }

    /** Revokes those of the keys that are not; how many. */
    Uni<Long> revoke(OrgScope scope, Collection<KeyId> ids, ObjectId revocation, Instant now) {
        return updateAndCount(scope, and(in("_id", ids), exists("revoked_at", false)), revoking(revocation, now));
    }

    /** How many keys in the scope a call has revoked. */
    Uni<Long> countRevoked(OrgScope scope, ObjectId revocation) {
        return count(scope, eq("revocation", revocation));
    }

    private static Bson revoking(ObjectId revocation, Instant now) {
        return combine(set("revoked_at", now), set("revocation", revocation));
    }

    /**
     * Revokes a key that was minted to follow another and does not, unless another try has given it a new confirmation
     * since it was read.
     */
    public Uni<Void> revokeStray(OrgScope scope, ApiKey stray, Instant now) {
        var tasks = stray.tasks(TaskType.CONFIRM).stream().map(PendingTask::id).toList();
        return update(scope, and(stillLive(stray), in("tasks.id", tasks)), set("revoked_at", now))
                .replaceWithVoid();
    }

    /** Notes last uses, of whatever organisations' keys; one that is younger already stays. */
    Uni<Void> noteUses(List<KeyUses.LastUse> uses) {
        return updateEach(uses.stream()
                .map(use -> new RecordUpdate(
                        use.scope(),
                        and(eq("_id", use.key()), not(gte("last_used_at", use.at()))),
                        combine(set("last_used_at", use.at()), setOrUnset("last_used_from", use.address()))))
                .toList());
    }

    Uni<Void> countUse(OrgScope scope, KeyId id, String range, KeyUses.Use use) {
        return updateEntry(
                        scope,
                        and(eq("_id", id), eq("access_list.range", range)),
                        eq("entry.range", range),
                        combine(
                                inc("access_list.$[entry].count", use.count()),
                                set("access_list.$[entry].last_used", use.last()),
                                set("access_list.$[entry].last_used_address", use.address())))
                .replaceWithVoid();
    }

    /** Inserts freshly minted keys in one command. One that is there already was inserted by another try to mint it. */
    public Uni<Void> insertMinted(OrgScope scope, List<ApiKey> keys) {
        return insertAll(scope, keys).onFailure(ScopedRepository::isDuplicate).recoverWithNull();
    }

    /**
     * Inserts those of the keys that an earlier try has not inserted. Of the others, those that are unconfirmed wait for a
     * new confirmation: nobody removes them any more because of the old one.
     */
    public Uni<Void> insertMissing(OrgScope scope, List<ApiKey> keys) {
        return updateEach(keys.stream().map(key -> reconfirmation(scope, key)).toList())
                .chain(() -> insertMinted(scope, keys));
    }

    private static RecordUpdate reconfirmation(OrgScope scope, ApiKey key) {
        var unconfirmed = and(eq("_id", key.id()), size("tasks", 1), eq("tasks.type", TaskType.CONFIRM));
        return new RecordUpdate(
                scope, unconfirmed, combine(set("tasks", key.tasks()), set("task_due_at", key.taskDueAt())));
    }

    /** Adds a key of the root partner and gives it back, or the key that has its id already. */
    public Uni<Located<ApiKey>> insertRootKey(ApiKey key) {
        return insertFounding(key).chain(() -> identify(key.id())).map(Optional::orElseThrow);
    }

    /** Removes those of the keys that still wait for the confirmation that they were read, or minted, with. */
    public Uni<Void> removeUnconfirmed(OrgScope scope, List<ApiKey> keys) {
        var ids = keys.stream().map(ApiKey::id).toList();
        var tasks = keys.stream()
                .flatMap(key -> key.tasks(TaskType.CONFIRM).stream())
                .map(PendingTask::id);
        return ids.isEmpty()
                ? Uni.createFrom().voidItem()
                : remove(scope, and(in("_id", ids), in("tasks.id", tasks.toList())));
    }

    /** Removes every key in the scope. */
    public Uni<Void> removeAll(OrgScope scope) {
        return remove(scope, Filters.empty());
    }

    /** Ids of keys in the scope that a deletion has not reached, behind that one, at most {@code limit}. */
    public Uni<List<KeyId>> unreached(OrgScope scope, ObjectId deletion, Optional<KeyId> after, int limit) {
        var behind = after.map(id -> gt("_id", id)).orElse(Filters.empty());
        return list(scope, and(unreachedBy(deletion), behind), Place.class, include("lineage"), limit)
                .map(places -> places.stream().map(Place::id).toList());
    }

    /** Of a key, its id and where it stands. */
    @RegisterForReflection
    public record Place(@BsonId KeyId id, List<OrgId> lineage) {}

    /** Applies a deletion to those of the keys that it has not reached. Keys of deleted organisations are refused. */
    public Uni<Void> applyDeletion(OrgScope scope, Collection<KeyId> ids, ObjectId deletion) {
        return updateAll(scope, and(in("_id", ids), unreachedBy(deletion)), push("deletions", deletion));
    }

    /** Keys of whatever organisations in order of their ids, behind that one. For what has to look at all of them. */
    Uni<List<Located<ApiKey>>> each(Optional<KeyId> after, int limit) {
        return walk(after, limit);
    }

    /** What a key's HA1 is to be sealed in, in place of the seal that was read. */
    record Reseal(OrgScope scope, KeyId key, Sealed read, Sealed fresh) {}

    /** Puts each seal in the place of the one that was read, where that is still there; how many those were. */
    Uni<Long> reseal(List<Reseal> reseals) {
        return updateEachAndCount(reseals.stream()
                .map(reseal -> new RecordUpdate(
                        reseal.scope(),
                        and(
                                eq("_id", reseal.key()),
                                eq("sealed_ha1.key", reseal.read().key()),
                                eq("sealed_ha1.iv", reseal.read().iv())),
                        set("sealed_ha1", reseal.fresh())))
                .toList());
    }

    private static Bson unreachedBy(ObjectId deletion) {
        return and(ne("deletions", deletion), ne("restored", deletion));
    }

    private static Bson live(OrgId organisation, Set<Role> roles) {
        return and(eq("organisation", organisation), exists("revoked_at", false), present(roles));
    }

    /** Not a deleted organisation's, and without a role that is not among those. */
    private static Bson present(Set<Role> roles) {
        var others = Arrays.stream(Role.values())
                .filter(role -> !roles.contains(role))
                .map(Role::name)
                .toList();
        return and(nin("roles", others), size("deletions", 0));
    }

    private static Bson filter(KeyListing listing) {
        var organisation = listing.organisation();
        var unusedSince = listing.unusedSince();
        var expiresBefore = listing.expiresBefore();
        return and(
                present(listing.roles()),
                organisation == null ? Filters.empty() : eq("organisation", organisation),
                listing.withRevoked() ? Filters.empty() : exists("revoked_at", false),
                unusedSince == null ? Filters.empty() : not(gte("last_used_at", unusedSince)),
                expiresBefore == null ? Filters.empty() : endsBefore(expiresBefore));
    }

    /** The keys of one organisation are found by it, and those of a whole scope by the lineage. */
    private static Bson listed(KeyListing listing, Bson filter) {
        return listing.organisation() == null ? filter : selective(filter);
    }

    /** At its expiry or by a rotation, whichever is earlier. */
    private static Bson endsBefore(Instant time) {
        return or(lt("expires_at", time), lt("ends_at", time));
    }

    /** Live, and as it was in everything that can be changed; its end changes with its successor. */
    private static Bson asRead(ApiKey read) {
        return and(
                stillLive(read),
                eq("name", read.name()),
                eq("roles", read.roles()),
                eq("expires_at", read.expiresAt()),
                eq("successor", read.successor()),
                sameList(read));
    }

    private static Bson stillLive(ApiKey key) {
        return and(eq("_id", key.id()), exists("revoked_at", false), size("deletions", 0));
    }

    /** An entry is on a list once at most, so that as many and the same ones are all. */
    private static Bson sameList(ApiKey read) {
        var ranges = read.accessEntries().stream().map(AccessEntry::range).toList();
        return ranges.isEmpty()
                ? exists("access_list.0", false)
                : and(size("access_list", ranges.size()), all("access_list.range", ranges));
    }
}
