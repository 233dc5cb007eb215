package dev.offshoot.organisation;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.ne;
import static com.mongodb.client.model.Filters.not;
import static com.mongodb.client.model.Filters.or;
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
import dev.offshoot.owed.Owed;
import dev.offshoot.owed.Owing;
import dev.offshoot.scope.Located;
import dev.offshoot.scope.OrgId;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Page;
import dev.offshoot.scope.ScopedRepository;
import dev.offshoot.scope.Standing;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/** The organisations' collection. */
@Singleton
public class OrganisationRepository extends ScopedRepository<Organisation, OrgId> {

    private static final class Raw implements ReactivePanacheMongoRepositoryBase<Organisation, OrgId> {}

    OrganisationRepository() {
        super(new Raw());
    }

    public Uni<Optional<Organisation>> find(OrgScope scope, OrganisationRef ref, boolean orDeleted) {
        return find(scope, orDeleted ? called(scope, ref) : and(called(scope, ref), eq("deleted", false)));
    }

    /** Those of the organisations that are there, deleted or not. */
    public Uni<List<OrganisationPlace>> places(OrgScope scope, Collection<OrgId> ids) {
        return list(scope, in("_id", ids), OrganisationPlace.class, include("tenant", "lineage"), ids.size());
    }

    /** A page in order of ids: one command, and one more for its total. */
    public Uni<Page<Organisation>> list(OrgScope scope, Listing listing) {
        var filter = filter(scope, listing);
        var after = listing.after();
        var from = after == null ? filter : and(filter, gt("_id", after));
        var fetched = list(scope, from, ascending("_id"), listing.skip(), listing.limit() + 1);
        if (!listing.counted()) {
            return fetched.map(records -> Page.of(records, listing.limit(), OptionalLong.empty()));
        }
        return Uni.combine()
                .all()
                .unis(fetched, count(scope, filter))
                .with((records, total) -> Page.of(records, listing.limit(), OptionalLong.of(total)));
    }

    public Uni<Void> insert(OrgScope scope, Organisation organisation) {
        return insert(scope, organisation, organisation.id());
    }

    /** Makes the root partner; false when it is there already. */
    public Uni<Boolean> insertRoot(Organisation root) {
        return insertFounding(root);
    }

    /** Stores what a change made of a live organisation, if nobody else changed it since it was read. */
    public Uni<Boolean> replaceAttributes(OrgScope scope, Organisation read, Organisation changed) {
        return update(
                scope,
                unchanged(read),
                combine(
                        set("name", changed.name()),
                        set("name_key", changed.nameKey()),
                        setOrUnset("external_id", changed.externalId()),
                        setOrUnset("live_external_key", changed.liveExternalKey()),
                        setOrUnset("plan", changed.plan()),
                        set("updated_at", changed.updatedAt()),
                        set("revision", changed.revision())));
    }

    /** The commit point of a deletion: the organisation is deleted, and a cascade is owed. */
    public Uni<Boolean> markDeleted(OrgScope scope, Organisation read, Organisation deleted) {
        return update(
                scope,
                unchanged(read),
                combine(
                        set("deleted", true),
                        set("deleted_at", deleted.deletedAt()),
                        set("updated_at", deleted.updatedAt()),
                        set("revision", deleted.revision()),
                        unset("live_external_key"),
                        Updates.pushEach("deletions", deleted.deletions()),
                        Updates.pushEach("owed", deleted.owed())));
    }

    /**
     * Takes room for a member in a live organisation, for which the member's coming is owed; false when there is no room
     * or no such organisation.
     */
    public Uni<Boolean> reserveSeat(OrgScope scope, OrgId id, Owed addition, int mostMembers) {
        return update(
                scope,
                and(eq("_id", id), eq("deleted", false), not(gte("members", mostMembers))),
                combine(inc("members", 1), push("owed", addition), inc("revision", 1L)));
    }

    /** The member came. False when that is not owed any more: the seat has been given back. */
    public Uni<Boolean> seatTaken(OrgScope scope, OrgId id, Owed addition) {
        return update(scope, stillOwed(id, addition), settled(addition));
    }

    /** As {@link #seatTaken} for one who comes as an owner; false also where there are as many owners as there may be. */
    public Uni<Boolean> seatTakenByOwner(OrgScope scope, OrgId id, Owed addition, int mostOwners) {
        return update(
                scope,
                and(stillOwed(id, addition), exists("owners." + (mostOwners - 1), false)),
                combine(settled(addition), addToSet("owners", addition.subject())));
    }

    /**
     * The commit point of a coming's withdrawal: the seat is free, and the removal of the member's record is owed instead.
     * False when the coming is not owed any more.
     */
    public Uni<Boolean> withdrawSeat(OrgScope scope, OrgId id, Owed addition, Owed removal) {
        return updateEntry(
                scope,
                stillOwed(id, addition),
                eq("entry.id", addition.id()),
                combine(
                        set("owed.$[entry].id", removal.id()),
                        set("owed.$[entry].kind", removal.kind()),
                        inc("members", -1),
                        inc("revision", 1L)));
    }

    /** The member did not come: the seat is free. Does nothing where that is not owed any more. */
    public Uni<Void> freeSeat(OrgScope scope, OrgId id, Owed addition) {
        return update(scope, stillOwed(id, addition), combine(settled(addition), inc("members", -1)))
                .replaceWithVoid();
    }

    /** Makes a member an owner, if nothing about the organisation changed since it was read. */
    public Uni<Boolean> addOwner(OrgScope scope, Organisation read, ObjectId membership) {
        return update(scope, unchanged(read), combine(addToSet("owners", membership), inc("revision", 1L)));
    }

    /** Makes an owner a member like others, if nothing about the organisation changed since it was read. */
    public Uni<Boolean> removeOwner(OrgScope scope, Organisation read, ObjectId membership) {
        return update(scope, unchanged(read), combine(pull("owners", membership), inc("revision", 1L)));
    }

    /** The commit point of a member's removal, if nothing about the organisation changed since it was read. */
    public Uni<Boolean> removeMember(OrgScope scope, Organisation read, Owed removal) {
        return update(
                scope,
                unchanged(read),
                combine(
                        pull("owners", removal.subject()),
                        inc("members", -1),
                        push("owed", removal),
                        inc("revision", 1L)));
    }

    /** Notes that this key of the root keeps it open. */
    public Uni<Void> addRootKey(OrgScope scope, String key) {
        return update(scope, eq("_id", OrgId.ROOT), addToSet("root_keys", key)).replaceWithVoid();
    }

    /** The key was noted, and is none of those that keep the root open. */
    public Uni<Void> dropRootKey(OrgScope scope, String key) {
        return update(scope, eq("_id", OrgId.ROOT), pull("root_keys", key)).replaceWithVoid();
    }

    /** The one key keeps the root open in the place of the other; false where that did not. */
    public Uni<Boolean> replaceRootKey(OrgScope scope, String noted, String by) {
        return updateEntry(
                scope,
                and(eq("_id", OrgId.ROOT), eq("root_keys", noted)),
                eq("entry", noted),
                set("root_keys.$[entry]", by));
    }

    /** The key keeps the root open no more; false where no other does. */
    public Uni<Boolean> removeRootKey(OrgScope scope, String key) {
        var oneOfMore = and(eq("root_keys", key), exists("root_keys.1"));
        var noneOfSome = and(ne("root_keys", key), exists("root_keys.0"));
        return update(scope, and(eq("_id", OrgId.ROOT), or(oneOfMore, noneOfSome)), pull("root_keys", key));
    }

    /** Ids of organisations in the scope that a deletion has not reached, behind that one, at most {@code limit}. */
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

    /** Lays a deletion on those organisations. Those that another deletion reached first keep their time. */
    public Uni<Void> layDeletion(OrgScope scope, Collection<OrgId> ids, ObjectId deletion, Instant at) {
        var targets = and(in("_id", ids), unreachedBy(deletion));
        var live = combine(
                push("deletions", deletion),
                set("deleted", true),
                set("deleted_at", at),
                set("updated_at", at),
                inc("revision", 1L));
        var again = combine(push("deletions", deletion), inc("revision", 1L));
        return updateAll(scope, and(targets, eq("deleted", false)), live)
                .chain(() -> updateAll(scope, and(targets, eq("deleted", true)), again));
    }

    public Uni<Void> paid(OrgScope scope, OrgId id, Owed owed) {
        return update(scope, eq("_id", id), pull("owed", eq("id", owed.id()))).replaceWithVoid();
    }

    public Uni<List<Located<Organisation>>> owing(Instant since, int limit) {
        return waiting("owed.since", since, limit);
    }

    /** What was owed by then, in no order. For the operator's figures. */
    public Uni<List<Owing>> owed(Instant by, int limit) {
        return waiting("owed.since", by, Owing.class, include("owed"), limit);
    }

    /** How those of the organisations stand that exist. For the lineages of keys and of new records. */
    public Uni<List<Standing>> standings(Collection<OrgId> ids) {
        return standings(ids, include("deleted", "deleted_at", "deletions", "organisation_key", "country", "division"));
    }

    private static Bson filter(OrgScope scope, Listing listing) {
        return and(
                listing.subtree() ? Filters.empty() : eq("parent", scope.root()),
                listing.nameKey() == null ? Filters.empty() : eq("name_key", listing.nameKey()),
                listing.withDeleted() ? in("deleted", false, true) : eq("deleted", false));
    }

    private static Bson called(OrgScope scope, OrganisationRef ref) {
        if (ref instanceof OrganisationRef.ById byId) {
            return eq("_id", byId.id());
        }
        var externalId = ((OrganisationRef.ByExternalId) ref).externalId();
        return eq("live_external_key", Organisation.liveExternalKey(scope.root(), externalId));
    }

    private static Bson stillOwed(OrgId id, Owed owed) {
        return and(eq("_id", id), eq("owed.id", owed.id()));
    }

    private static Bson settled(Owed owed) {
        return combine(pull("owed", eq("id", owed.id())), inc("revision", 1L));
    }

    private static Bson unchanged(Organisation read) {
        return and(eq("_id", read.id()), eq("revision", read.revision()), eq("deleted", false));
    }

    private static Bson unreachedBy(ObjectId deletion) {
        return and(ne("deletions", deletion), ne("restored", deletion));
    }
}
