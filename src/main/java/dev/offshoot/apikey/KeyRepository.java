package dev.offshoot.apikey;

import static com.mongodb.client.model.Filters.all;
import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.ne;
import static com.mongodb.client.model.Filters.nin;
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
import dev.offshoot.owed.Owed;
import dev.offshoot.scope.Located;
import dev.offshoot.scope.OrgId;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.ScopedRepository;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bson.codecs.pojo.annotations.BsonId;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/** The keys' collection. */
@Singleton
public class KeyRepository extends ScopedRepository<ApiKey, KeyId> {

    private static final class Raw implements ReactivePanacheMongoRepositoryBase<ApiKey, KeyId> {}

    KeyRepository() {
        super(new Raw());
    }

    /** The key and the scope that it opens, to find out who calls. */
    Uni<Optional<Located<ApiKey>>> identify(KeyId id) {
        return authenticate(id);
    }

    /** Live keys of that organisation whose roles are all among those, in order of their ids. */
    public Uni<List<ApiKey>> ofOrganisation(OrgScope scope, OrgId organisation, Set<Role> roles, int skip, int limit) {
        return list(scope, live(organisation, roles), ascending("_id"), skip, limit);
    }

    public Uni<Long> countOfOrganisation(OrgScope scope, OrgId organisation, Set<Role> roles) {
        return count(scope, live(organisation, roles));
    }

    public Uni<Optional<ApiKey>> find(OrgScope scope, OrgId organisation, KeyId id, Set<Role> roles) {
        return find(scope, and(eq("_id", id), live(organisation, roles)));
    }

    /** Changes name and roles of a live key, if they are still as they were read. */
    public Uni<Boolean> change(OrgScope scope, ApiKey read, String name, List<Role> roles) {
        return update(
                scope,
                and(stillLive(read), eq("name", read.name()), eq("roles", read.roles())),
                combine(set("name", name), set("roles", roles)));
    }

    public Uni<Boolean> revoke(OrgScope scope, ApiKey key, Instant now) {
        return update(scope, stillLive(key), set("revoked_at", now));
    }

    /**
     * Adds entries to a live key's access list, unless one of them is on it.
     *
     * @param unchanged only if the list is still as it was read
     */
    public Uni<Boolean> allow(OrgScope scope, ApiKey read, List<AccessEntry> entries, boolean unchanged) {
        var taken = entries.stream().map(AccessEntry::range).toList();
        return update(
                scope,
                and(stillLive(read), nin("access_list.range", taken), unchanged ? sameList(read) : Filters.empty()),
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

    Uni<Void> countUse(OrgScope scope, KeyId id, String range, AccessUses.Use use) {
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

    /** Inserts freshly minted keys in one command. */
    public Uni<Void> insertMinted(OrgScope scope, List<ApiKey> keys) {
        return insertAll(scope, keys);
    }

    /** Adds a key of the root partner and gives it back, or the key that has its id already. */
    public Uni<ApiKey> insertRootKey(ApiKey key) {
        return insertFounding(key).chain(() -> identify(key.id())).map(found -> found.orElseThrow()
                .record());
    }

    public Uni<Void> remove(OrgScope scope, List<KeyId> ids) {
        return remove(scope, in("_id", ids));
    }

    /** Ids of keys in the scope that a deletion has not reached, behind that one, at most {@code limit}. */
    public Uni<List<KeyId>> unreached(OrgScope scope, ObjectId deletion, Optional<KeyId> after, int limit) {
        var behind = after.map(id -> gt("_id", id)).orElse(Filters.empty());
        return list(scope, and(unreachedBy(deletion), behind), Place.class, include("lineage"), limit)
                .map(places -> places.stream().map(Place::id).toList());
    }

    /** Of a key, its id and where it stands. */
    public record Place(@BsonId KeyId id, List<OrgId> lineage) {}

    /** Lays a deletion on those keys, as far as it has not reached them. Keys of deleted organisations are refused. */
    public Uni<Void> layDeletion(OrgScope scope, Collection<KeyId> ids, ObjectId deletion) {
        return updateAll(scope, and(in("_id", ids), unreachedBy(deletion)), push("deletions", deletion));
    }

    public Uni<Void> paid(OrgScope scope, KeyId id, Owed owed) {
        return update(scope, eq("_id", id), pull("owed", eq("id", owed.id()))).replaceWithVoid();
    }

    public Uni<List<Located<ApiKey>>> owing(Instant since, int limit) {
        return waiting("owed.since", since, limit);
    }

    private static Bson unreachedBy(ObjectId deletion) {
        return and(ne("deletions", deletion), ne("restored", deletion));
    }

    private static Bson live(OrgId organisation, Set<Role> roles) {
        var others = EnumSet.complementOf(EnumSet.copyOf(roles)).stream()
                .map(Role::name)
                .toList();
        return and(
                eq("organisation", organisation),
                exists("revoked_at", false),
                nin("roles", others),
                size("deletions", 0));
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
