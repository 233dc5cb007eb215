package dev.offshoot.apikey;

import static dev.offshoot.failure.Failure.Subject.ACCESS_ENTRY;
import static dev.offshoot.failure.Failure.Subject.API_KEY;

import dev.offshoot.failure.Failure;
import dev.offshoot.failure.Problem;
import dev.offshoot.failure.Violation;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.scope.OrgId;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Page;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * The keys of an organisation: looking them up, changing and revoking them, and where they may be used from. A caller
 * sees only keys whose roles are all among those that it handles; any other is not there. Every change is forgotten by
 * the cache at once.
 */
@Singleton
public class ApiKeys {
    /** How often a change is tried again because somebody else changed the same key in between. */
    private static final int ATTEMPTS = 8;

    /** Every request looks through its key's list. */
    public static final int MOST_ENTRIES = 200;

    private static final int BATCH = 1000;

    private final KeyRepository repository;
    private final RootKeys rootKeys;
    private final CallerCache cache;
    private final Clock clock;

    ApiKeys(KeyRepository repository, RootKeys rootKeys, CallerCache cache, Clock clock) {
        this.repository = repository;
        this.rootKeys = rootKeys;
        this.cache = cache;
        this.clock = clock;
    }

    /**
     * Whose keys, and which of them.
     *
     * @param organisation one that the caller has found in the scope
     */
    public record Holder(OrgScope scope, OrgId organisation, Set<Role> roles) {}

    /** Who asks for a change, and from where; it may not shut itself out. */
    public record Asker(KeyId key, InetAddress address) {}

    public Uni<Page<ApiKey>> list(KeyListing listing) {
        var fetched = repository.list(listing);
        if (!listing.counted()) {
            return fetched.map(keys -> Page.of(keys, listing.limit(), OptionalLong.empty()));
        }
        return Uni.combine()
                .all()
                .unis(fetched, repository.count(listing))
                .with((keys, total) -> Page.of(keys, listing.limit(), OptionalLong.of(total)));
    }

    /** As {@link #get} for a key that may have been revoked. */
    public Uni<ApiKey> getEvenRevoked(Holder holder, KeyId id) {
        return repository
                .findEvenRevoked(holder.scope(), holder.organisation(), id, holder.roles())
                .map(ApiKeys::require);
    }

    /** The key; fails with {@link Failure.NotFound}. */
    public Uni<ApiKey> get(Holder holder, KeyId id) {
        return repository
                .find(holder.scope(), holder.organisation(), id, holder.roles())
                .map(ApiKeys::require);
    }

    /**
     * The key as changed. Fails with {@link Failure.CallerLockedOut} where the asker's own would end or not be open to it
     * any more, and with {@link Failure.LastPartnerKey}.
     */
    public Uni<ApiKey> change(Holder holder, KeyId id, KeyUpdate update, Asker asker) {
        return revise(holder, id, key -> change(holder, key, key.changed(update, clock.instant()), asker))
                .chain(() -> get(holder, id))
                .call(changed -> rootKeys.note(holder.scope(), changed));
    }

    /** Revokes the key; fails with {@link Failure.CallerLockedOut} for the asker's own, or {@link Failure.LastPartnerKey}. */
    public Uni<Void> revoke(Holder holder, KeyId id, Asker asker) {
        return revise(holder, id, key -> {
            if (key.id().equals(asker.key())) {
                throw new Failure.CallerLockedOut().asException();
            }
            return rootKeys.release(holder.scope(), key)
                    .chain(() -> repository.revoke(holder.scope(), key, clock.instant()));
        });
    }

    /**
     * Revokes all keys of an organisation and beneath it that the caller handles, in bounded batches; how many. Fails with
     * {@link Failure.CallerLockedOut} where the asker's own would be among them.
     */
    public Uni<Long> revokeAll(OrgScope scope, Organisation organisation, Set<Role> roles) {
        if (organisation.id().equals(scope.root())) {
            return Uni.createFrom().failure(new Failure.CallerLockedOut().asException());
        }
        var theirs = scope.narrow(organisation);
        // Before, for a write whose answer is lost; after, to have the whole time of forgetting.
        cache.forget(organisation.id());
        return revokeBehind(theirs, roles, Optional.empty()).invoke(revoked -> cache.forget(organisation.id()));
    }

    /** Batch by batch, until one is not full. */
    private Uni<Long> revokeBehind(OrgScope scope, Set<Role> roles, Optional<KeyId> after) {
        return repository.live(scope, roles, after, BATCH).chain(ids -> {
            var revoked = ids.isEmpty() ? Uni.createFrom().item(0L) : repository.revoke(scope, ids, clock.instant());
            return ids.size() < BATCH
                    ? revoked
                    : revoked.chain(some -> revokeBehind(scope, roles, Optional.of(ids.get(BATCH - 1)))
                            .map(rest -> some + rest));
        });
    }

    private Uni<Boolean> change(Holder holder, ApiKey key, ApiKey changed, Asker asker) {
        var isOwn = key.id().equals(asker.key());
        if (isOwn && !(changed.isGood(clock.instant()) && changed.isOpenTo(asker.address()))) {
            throw new Failure.CallerLockedOut().asException();
        }
        var released = changed.keepsRootOpen() ? Uni.createFrom().voidItem() : rootKeys.release(holder.scope(), key);
        return released.chain(() -> repository.change(holder.scope(), key, changed));
    }

    /**
     * Lets the key be used from these too, and if it had no list, from nowhere else. Fails with
     * {@link Failure.AddressTaken}, or with {@link Failure.CallerLockedOut} where that would shut out the asker.
     */
    public Uni<ApiKey> allow(Holder holder, KeyId id, List<AddressRange> ranges, Asker asker) {
        return revise(holder, id, key -> {
                    var firstOfOwn =
                            key.id().equals(asker.key()) && key.accessEntries().isEmpty();
                    if (firstOfOwn && ranges.stream().noneMatch(range -> range.contains(asker.address()))) {
                        throw new Failure.CallerLockedOut().asException();
                    }
                    requireNew(key, ranges);
                    var entries = ranges.stream()
                            .map(range -> AccessEntry.of(range, clock.instant()))
                            .toList();
                    return repository.allow(
                            holder.scope(), key, entries, key.id().equals(asker.key()));
                })
                .chain(() -> get(holder, id));
    }

    /**
     * Takes an entry off the list. Fails with {@link Failure.NotFound}, or with {@link Failure.CallerLockedOut} where
     * the others would shut out the asker; without any entry, no address is shut out.
     */
    public Uni<Void> disallow(Holder holder, KeyId id, AddressRange range, Asker asker) {
        return revise(holder, id, key -> {
            entry(key, range);
            if (key.id().equals(asker.key())) {
                requireOpen(key, range, asker);
            }
            return repository.disallow(holder.scope(), key, range, key.id().equals(asker.key()));
        });
    }

    /** The entry of a key's list for exactly that range; fails with {@link Failure.NotFound}. */
    public static AccessEntry entry(ApiKey key, AddressRange range) {
        return key.accessEntries().stream()
                .filter(entry -> entry.range().equals(range.cidr()))
                .findFirst()
                .orElseThrow(() -> new Failure.NotFound(ACCESS_ENTRY).asException());
    }

    /** What is left of the asker's own list has to let it in. */
    private static void requireOpen(ApiKey key, AddressRange without, Asker asker) {
        var others = key.accessEntries().stream()
                .map(AccessEntry::addresses)
                .filter(range -> !range.cidr().equals(without.cidr()))
                .toList();
        if (!others.isEmpty() && others.stream().noneMatch(range -> range.contains(asker.address()))) {
            throw new Failure.CallerLockedOut().asException();
        }
    }

    private static void requireNew(ApiKey key, List<AddressRange> ranges) {
        var listed = key.accessEntries().stream().map(AccessEntry::range).toList();
        if (listed.size() + ranges.size() > MOST_ENTRIES) {
            var tooMany = new Violation("accessList", new Problem.WrongSize(0, MOST_ENTRIES));
            throw new Failure.Invalid(Failure.Source.BODY, List.of(tooMany)).asException();
        }
        ranges.stream()
                .map(AddressRange::cidr)
                .filter(listed::contains)
                .findFirst()
                .ifPresent(range -> {
                    throw new Failure.AddressTaken(range).asException();
                });
    }

    /**
     * Reads the key and takes the step, which depends on what was read and answers false when that had changed
     * meanwhile; then all of it again.
     */
    private Uni<Void> revise(Holder holder, KeyId id, Function<ApiKey, Uni<Boolean>> step) {
        return get(holder, id)
                .invoke(key -> cache.forget(id))
                .chain(step::apply)
                .invoke(done -> cache.forget(id))
                .repeat()
                .whilst(done -> !done)
                .select()
                .first(ATTEMPTS)
                .collect()
                .last()
                .invoke(ApiKeys::requireDone)
                .replaceWithVoid();
    }

    private static ApiKey require(Optional<ApiKey> found) {
        return found.orElseThrow(() -> new Failure.NotFound(API_KEY).asException());
    }

    private static void requireDone(boolean done) {
        if (!done) {
            throw new Failure.Unavailable(1).asException();
        }
    }
}
