package dev.offshoot.apikey;

import static dev.offshoot.failure.Failure.Subject.ACCESS_ENTRY;
import static dev.offshoot.failure.Failure.Subject.API_KEY;

import dev.offshoot.failure.Failure;
import dev.offshoot.failure.Problem;
import dev.offshoot.failure.Violation;
import dev.offshoot.scope.OrgId;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Page;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
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
    private static final int MOST_ENTRIES = 200;

    private final KeyRepository repository;
    private final CallerCache cache;
    private final Clock clock;

    ApiKeys(KeyRepository repository, CallerCache cache, Clock clock) {
        this.repository = repository;
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

    public Uni<Page<ApiKey>> list(Holder holder, int skip, int limit, boolean counted) {
        var fetched = repository.ofOrganisation(holder.scope(), holder.organisation(), holder.roles(), skip, limit + 1);
        if (!counted) {
            return fetched.map(keys -> Page.of(keys, limit, OptionalLong.empty()));
        }
        return Uni.combine()
                .all()
                .unis(fetched, repository.countOfOrganisation(holder.scope(), holder.organisation(), holder.roles()))
                .with((keys, total) -> Page.of(keys, limit, OptionalLong.of(total)));
    }

    /** The key; fails with {@link Failure.NotFound}. */
    public Uni<ApiKey> get(Holder holder, KeyId id) {
        return repository
                .find(holder.scope(), holder.organisation(), id, holder.roles())
                .map(found -> found.orElseThrow(() -> new Failure.NotFound(API_KEY).asException()));
    }

    /** Changes what the function makes of name and roles. */
    public Uni<ApiKey> change(Holder holder, KeyId id, Function<ApiKey, KeyChange> change) {
        return revise(holder, id, key -> {
                    var wanted = change.apply(key);
                    return repository.change(holder.scope(), key, wanted.name(), wanted.roles());
                })
                .chain(() -> get(holder, id));
    }

    /** What a key is to be called and may do. */
    public record KeyChange(String name, List<Role> roles) {}

    /** Revokes the key; fails with {@link Failure.CallerLockedOut} for the asker's own. */
    public Uni<Void> revoke(Holder holder, KeyId id, Asker asker) {
        return revise(holder, id, key -> {
            if (key.id().equals(asker.key())) {
                throw new Failure.CallerLockedOut().asException();
            }
            return repository.revoke(holder.scope(), key, clock.instant());
        });
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

    private static void requireDone(boolean done) {
        if (!done) {
            throw new Failure.Unavailable(1).asException();
        }
    }
}
