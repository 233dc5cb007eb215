package dev.offshoot.organisation;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.elemMatch;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.ne;
import static com.mongodb.client.model.Filters.not;
import static com.mongodb.client.model.Projections.include;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Updates.addToSet;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.pull;
import static com.mongodb.client.model.Updates.push;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import dev.offshoot.database.DatabaseGate;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Page;
import dev.offshoot.scope.ScopedRepository;
import dev.offshoot.task.PendingTask;
import dev.offshoot.task.TaskRepository;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/** Stores organisations. */
@Singleton
public class OrganisationRepository extends TaskRepository<Organisation, OrgId> {

    private static final class Raw implements ReactivePanacheMongoRepositoryBase<Organisation, OrgId> {}

    private final Turns turns = new Turns();

    OrganisationRepository(DatabaseGate gate) {
        super(
                gate,
                new Raw(),
                index("parent", "deleted", "_id"),
                index("lineage", "deleted", "_id"),
                index("parent", "name_key", "deleted", "_id"),
                index("lineage", "name_key", "deleted", "_id"),
                index("lineage", "external_id", "deleted", "_id"),
                uniqueIndex("organisation_key"),
                sparseUniqueIndex("live_external_key"));
    }

    public Uni<Optional<Organisation>> find(OrgScope scope, OrganisationRef ref, boolean orDeleted) {
        return find(scope, orDeleted ? called(scope, ref) : and(called(scope, ref), eq("deleted", false)));
    }

    /** Finds the places of the organisations that exist, deleted or not. */
    public Uni<List<OrganisationPlace>> places(OrgScope scope, Collection<OrgId> ids) {
        return list(scope, in("_id", ids), OrganisationPlace.class, include("tenant", "lineage"), ids.size());
    }

    /** Lists a page in order of ids. It takes one command, and a second one for the total. */
    public Uni<Page<Organisation>> list(OrgScope scope, Listing listing) {
        var filter = ListingFilter.of(scope, listing);
        var page = filter.continued(listing.after());
        var fetched = list(scope, marked(page), ascending("_id"), listing.skip(), listing.limit() + 1);
        if (!listing.counted()) {
            return fetched.map(records -> Page.of(records, listing.limit(), OptionalLong.empty()));
        }
        return Uni.combine()
                .all()
                .unis(fetched, count(scope, marked(filter)))
                .with((records, total) -> Page.of(records, listing.limit(), OptionalLong.of(total)));
    }

    /**
     * Inserts an organisation, and returns it. If an earlier try has inserted it, returns what has become of it since: its
     * id was minted for it. Fails with {@link Failure.ExternalIdTaken}, having stored nothing.
     *
     * @param mayBeThere whether there was an earlier try: then it does not matter who has the external id now
     */
    public Uni<Organisation> insert(OrgScope scope, Organisation organisation, boolean mayBeThere) {
        var inserted = insertOrFind(scope, organisation, organisation.id())
                .map(stored -> stored.orElseThrow(() -> new Failure.ExternalIdTaken().asException()));
        var key = organisation.liveExternalKey();
        if (key == null) {
            return inserted;
        }
        var ifFree = requireFree(scope, organisation, key).chain(() -> inserted);
        return turns.run(key, inserted, mayBeThere ? inserted : ifFree);
    }

    /** Whether another organisation beneath the same parent has the external id. */
    public static boolean isExternalIdTaken(Throwable failure) {
        return failure instanceof FailureException exception && exception.failure() instanceof Failure.ExternalIdTaken;
    }

    /** Inserts the root partner. False if it already exists. */
    public Uni<Boolean> insertRoot(Organisation root) {
        return insertFounding(root);
    }

    /**
     * Stores a change to a live organisation, unless somebody else changed the organisation after it was read. A new
     * external id costs a second command. Fails with {@link Failure.ExternalIdTaken}.
     */
    public Uni<Boolean> replaceAttributes(OrgScope scope, Organisation read, Organisation changed) {
        var replaced = replace(scope, read, changed)
                .onFailure(ScopedRepository::isDuplicate)
                .transform(duplicate -> new Failure.ExternalIdTaken().asException());
        var key = changed.liveExternalKey();
        if (key == null || key.equals(read.liveExternalKey())) {
            return replaced;
        }
        var ifFree = requireFree(scope, changed, key).chain(() -> replaced);
        return turns.run(key, ifFree, ifFree);
    }

    private Uni<Boolean> replace(OrgScope scope, Organisation read, Organisation changed) {
        return update(
                scope,
                unchanged(read),
                combine(
                        set("name", changed.name()),
                        set("name_key", changed.nameKey()),
                        setOrUnset("external_id", changed.externalId()),
                        setOrUnset("live_external_key", changed.liveExternalKey()),
                        setOrUnset("plan", changed.plan()),
                        setOrUnset("limits", changed.rateLimit()),
                        set("updated_at", changed.updatedAt()),
                        set("revision", changed.revision()),
                        set("shown", changed.shown()),
                        leaving(read, changed)));
    }

    /** Commits a deletion: marks the organisation as deleted and leaves its cascade pending. */
    public Uni<Boolean> markDeleted(OrgScope scope, Organisation read, Organisation deleted) {
        return update(
                scope,
                unchanged(read),
                combine(
                        set("deleted", true),
                        set("deleted_at", deleted.deletedAt()),
                        set("updated_at", deleted.updatedAt()),
                        set("revision", deleted.revision()),
                        set("shown", deleted.shown()),
                        unset("live_external_key"),
                        Updates.pushEach("deletions", deleted.deletions()),
                        adding(deleted.tasks())));
    }

    /**
     * Reserves a slot for a member in a live organisation, and leaves the member's addition pending. False if there is
     * no free slot or no such organisation.
     */
    public Uni<Boolean> reserveSlot(OrgScope scope, OrgId id, PendingTask addition, int mostMembers) {
        return update(
                scope,
                and(eq("_id", id), eq("deleted", false), not(gte("members", mostMembers))),
                combine(inc("members", 1), adding(List.of(addition)), inc("revision", 1L)));
    }

    /**
     * Completes a member's addition. False if the addition is no longer pending, because it was already confirmed or
     * withdrawn.
     */
    public Uni<Boolean> confirmSlot(OrgScope scope, OrgId id, PendingTask addition) {
        return complete(scope, eq("_id", id), addition, inc("revision", 1L));
    }

    /** Like {@link #confirmSlot}, for an owner. Also false if the limit of owners is reached. */
    public Uni<Boolean> confirmOwnerSlot(OrgScope scope, OrgId id, PendingTask addition, int mostOwners) {
        return complete(
                scope,
                and(eq("_id", id), exists("owners." + (mostOwners - 1), false)),
                addition,
                combine(addToSet("owners", addition.subject()), inc("revision", 1L)));
    }

    /**
     * Commits the withdrawal of an addition: releases the slot, and replaces the pending addition by the pending
     * removal of the member's record. False if the addition is no longer pending.
     */
    public Uni<Boolean> withdrawSlot(OrgScope scope, OrgId id, PendingTask addition, PendingTask removal) {
        return updateEntry(
                scope,
                and(eq("_id", id), eq("tasks.id", addition.id())),
                eq("entry.id", addition.id()),
                combine(
                        set("tasks.$[entry].id", removal.id()),
                        set("tasks.$[entry].type", removal.type()),
                        inc("members", -1),
                        inc("revision", 1L)));
    }

    /** Releases the slot of a member that was not added. Does nothing if the addition is no longer pending. */
    public Uni<Void> releaseSlot(OrgScope scope, OrgId id, PendingTask addition) {
        return complete(scope, eq("_id", id), addition, combine(inc("members", -1), inc("revision", 1L)))
                .replaceWithVoid();
    }

    /** Makes a member an owner, unless anything about the organisation changed after it was read. */
    public Uni<Boolean> addOwner(OrgScope scope, Organisation read, ObjectId membership) {
        return update(scope, unchanged(read), combine(addToSet("owners", membership), inc("revision", 1L)));
    }

    /** Makes an owner an ordinary member, unless anything about the organisation changed after it was read. */
    public Uni<Boolean> removeOwner(OrgScope scope, Organisation read, ObjectId membership) {
        return update(scope, unchanged(read), combine(pull("owners", membership), inc("revision", 1L)));
    }

    /** Commits a member's removal, unless anything about the organisation changed after it was read. */
    public Uni<Boolean> removeMember(OrgScope scope, Organisation read, PendingTask removal) {
        return update(
                scope,
                unchanged(read),
                combine(
                        pull("owners", removal.subject()),
                        inc("members", -1),
                        adding(List.of(removal)),
                        inc("revision", 1L)));
    }

    /** Notes an unrestricted partner key of the root. */
    public Uni<Void> addRootKey(OrgScope scope, String key) {
        return update(scope, eq("_id", OrgId.ROOT), addToSet("root_keys", key)).replaceWithVoid();
    }

    /** Removes the note of a key that is restricted or gone. */
    public Uni<Void> dropRootKey(OrgScope scope, String key) {
        return update(scope, eq("_id", OrgId.ROOT), pull("root_keys", key)).replaceWithVoid();
    }

    /** Replaces a noted key by another, which may be noted already. False if the first is not noted. */
    public Uni<Boolean> replaceRootKey(OrgScope scope, String noted, String by) {
        var isNoted = and(eq("_id", OrgId.ROOT), eq("root_keys", noted));
        return updateEntry(scope, and(isNoted, ne("root_keys", by)), eq("entry", noted), set("root_keys.$[entry]", by))
                .chain(done -> done
                        ? Uni.createFrom().item(true)
                        : update(scope, and(isNoted, eq("root_keys", by)), pull("root_keys", noted)));
    }

    /** Removes the note of a key. False if no other one is noted. */
    public Uni<Boolean> removeRootKey(OrgScope scope, String key) {
        var another = elemMatch("root_keys", new Document("$ne", key));
        return update(scope, and(eq("_id", OrgId.ROOT), another), pull("root_keys", key));
    }

    /**
     * The ids of organisations in the scope that a deletion has not reached, after the given id, at most {@code limit}.
     */
    public Uni<List<OrgId>> unreached(OrgScope scope, ObjectId deletion, Optional<OrgId> after, int limit) {
        var behind = after.map(id -> gt("_id", id)).orElse(Filters.empty());
        return list(
                        scope,
                        and(unreachedBy(deletion), behind),
                        OrganisationPlace.class,
                        include("tenant", "lineage"),
                        limit)
                .map(places -> places.stream().map(OrganisationPlace::id).toList());
    }

    /**
     * Applies a deletion to the organisations. Those that another deletion reached first keep their time of deletion.
     */
    public Uni<Void> applyDeletion(OrgScope scope, Collection<OrgId> ids, ObjectId deletion, Instant at) {
        var targets = and(in("_id", ids), unreachedBy(deletion));
        var live = combine(
                push("deletions", deletion),
                set("deleted", true),
                set("deleted_at", at),
                set("updated_at", at),
                inc("revision", 1L),
                inc("shown", 1L));
        var again = combine(push("deletions", deletion), inc("revision", 1L));
        return updateAll(scope, and(targets, eq("deleted", false)), live)
                .chain(() -> updateAll(scope, and(targets, eq("deleted", true)), again));
    }

    /** Removes everything in the scope. */
    public Uni<Void> removeAll(OrgScope scope) {
        return remove(scope, Filters.empty());
    }

    /** The status of the given organisations that exist. For the lineages of keys and new records. */
    public Uni<List<AncestorStatus>> statuses(Collection<OrgId> ids) {
        return findAnywhere(
                ids,
                AncestorStatus.class,
                include("deleted", "deleted_at", "deletions", "organisation_key", "country", "division", "limits"));
    }

    /**
     * Refuses an external id that another organisation is found to have. It saves a write that the unique index would
     * refuse, and that may run into a deadlock with another one: with that of a replica which has waited for others too, or
     * with that of a sibling which is to get the external id that this one has.
     */
    private Uni<Void> requireFree(OrgScope scope, Organisation organisation, String key) {
        return find(scope, and(eq("live_external_key", key), ne("_id", organisation.id())))
                .invoke(found -> found.ifPresent(taken -> {
                    throw new Failure.ExternalIdTaken().asException();
                }))
                .replaceWithVoid();
    }

    private static Bson marked(ListingFilter filter) {
        return filter.selective() ? selective(filter.query()) : filter.query();
    }

    private static Bson called(OrgScope scope, OrganisationRef ref) {
        if (ref instanceof OrganisationRef.ById byId) {
            return eq("_id", byId.id());
        }
        var externalId = ((OrganisationRef.ByExternalId) ref).externalId();
        return eq("live_external_key", Organisation.liveExternalKey(scope.root(), externalId));
    }

    private static Bson unchanged(Organisation read) {
        return and(eq("_id", read.id()), eq("revision", read.revision()), eq("deleted", false));
    }

    private static Bson unreachedBy(ObjectId deletion) {
        return and(ne("deletions", deletion), ne("restored", deletion));
    }
}
