package dev.offshoot.apikey;

import static dev.offshoot.failure.Failure.Subject.ACCESS_ENTRY;
import static dev.offshoot.failure.Failure.Subject.API_KEY;

import dev.offshoot.failure.Failure;
import dev.offshoot.failure.Violation;
import dev.offshoot.idempotency.Attempt;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Page;
import dev.offshoot.task.AnsweredChanges;
import dev.offshoot.task.Steps;
import dev.offshoot.value.AddressRange;
import dev.offshoot.value.KeyId;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.bson.types.ObjectId;

/**
 * Finds, changes and revokes the keys of an organisation, and manages the addresses from which they may be used. A
 * caller sees only keys whose roles are all among those that it handles; any other key is not found. The cache forgets
 * every changed key at once.
 */
@Singleton
public class ApiKeys {
    /** How often a change is tried when concurrent changes to the same key come first. */
    private static final int ATTEMPTS = 8;

    /** The longest access list. It is limited because every request searches its key's list. */
    public static final int MAX_ENTRIES = 200;

    private static final int BATCH = 1000;

    private final KeyRepository repository;
    private final RootKeys rootKeys;
    private final CallerCache cache;
    private final AnsweredChanges answered;
    private final Clock clock;

    ApiKeys(KeyRepository repository, RootKeys rootKeys, CallerCache cache, AnsweredChanges answered, Clock clock) {
        this.repository = repository;
        this.rootKeys = rootKeys;
        this.cache = cache;
        this.answered = answered;
        this.clock = clock;
    }

    /**
     * The keys that a call may find: those of an organisation whose roles are all among the given ones.
     *
     * @param organisation one that the caller has found in the scope
     */
    public record KeyTarget(OrgScope scope, OrgId organisation, Set<Role> roles) {}

    /** Who requests a change, and from which address, if that is known. A change must not lock out its actor. */
    public record Actor(KeyId key, Optional<InetAddress> address) {
        private boolean isIn(AddressRange range) {
            return address.filter(range::contains).isPresent();
        }
    }

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

    /** Like {@link #get}, and also finds a revoked key. */
    public Uni<ApiKey> getEvenRevoked(KeyTarget target, KeyId id) {
        return repository
                .findEvenRevoked(target.scope(), target.organisation(), id, target.roles())
                .map(ApiKeys::require);
    }

    /** Finds a live key. Fails with {@link Failure.NotFound}. */
    public Uni<ApiKey> get(KeyTarget target, KeyId id) {
        return repository
                .find(target.scope(), target.organisation(), id, target.roles())
                .map(ApiKeys::require);
    }

    /** Like {@link #change(KeyTarget, KeyId, KeyUpdate, Actor, Attempt)}, in the one try that there is. */
    public Uni<ApiKey> change(KeyTarget target, KeyId id, KeyUpdate update, Actor actor) {
        return change(target, id, update, actor, Attempt.once());
    }

    /**
     * Changes a key and returns the result. If an earlier try has made the change, this returns what that left, and changes
     * nothing. Fails with {@link Failure.CallerLockedOut} if the actor's own key would end or no longer admit the actor's
     * address, and with {@link Failure.LastPartnerKey}.
     */
    public Uni<ApiKey> change(KeyTarget target, KeyId id, KeyUpdate update, Actor actor, Attempt attempt) {
        return Steps.untilPresent(ATTEMPTS, () -> toChange(target, id, attempt)
                        .invoke(key -> cache.forget(id))
                        .chain(key -> change(target, key, update, actor, attempt))
                        .invoke(left -> cache.forget(id)))
                .call(left -> rootKeys.note(target.scope(), left))
                .invoke(() -> attempt.whenAnswered(() -> answered.add(repository, target.scope(), id, attempt.id())));
    }

    /** Finds a live key, or one that an earlier try has changed and that may have been revoked since. */
    private Uni<ApiKey> toChange(KeyTarget target, KeyId id, Attempt attempt) {
        return attempt.isRepeated()
                ? getEvenRevoked(target, id).invoke(key -> {
                    if (key.revokedAt() != null && key.leftBy(attempt.id()).isEmpty()) {
                        throw new Failure.NotFound(API_KEY).asException();
                    }
                })
                : get(target, id);
    }

    /** Tries one change. Empty if somebody else changed the key after it was read. */
    private Uni<Optional<ApiKey>> change(
            KeyTarget target, ApiKey read, KeyUpdate update, Actor actor, Attempt attempt) {
        var made = read.leftBy(attempt.id());
        if (made.isPresent()) {
            return Uni.createFrom().item(made);
        }
        var changed = read.changed(update, attempt, clock.instant());
        return change(target, read, changed, actor).map(done -> done ? Optional.of(changed) : Optional.empty());
    }

    /** Like {@link #revoke(KeyTarget, KeyId, Actor, Attempt)}, in the one try that there is. */
    public Uni<Void> revoke(KeyTarget target, KeyId id, Actor actor) {
        return revoke(target, id, actor, Attempt.once());
    }

    /**
     * Revokes a key. Fails with {@link Failure.CallerLockedOut} for the actor's own key, or with
     * {@link Failure.LastPartnerKey}.
     */
    public Uni<Void> revoke(KeyTarget target, KeyId id, Actor actor, Attempt attempt) {
        return revise(target, id, key -> {
                    if (key.id().equals(actor.key())) {
                        throw new Failure.CallerLockedOut().asException();
                    }
                    return rootKeys.release(target.scope(), key)
                            .chain(() -> repository.revoke(target.scope(), key, attempt.id(), clock.instant()));
                })
                .onFailure(failure -> attempt.isRepeated())
                .recoverWithUni(failure -> requireRevoked(target, id, attempt, failure));
    }

    /** Fails like this try if no earlier one has revoked the key. */
    private Uni<Void> requireRevoked(KeyTarget target, KeyId id, Attempt attempt, Throwable failure) {
        return getEvenRevoked(target, id)
                .chain(key -> attempt.id().equals(key.revocation())
                        ? Uni.createFrom().voidItem()
                        : Uni.createFrom().failure(failure));
    }

    /**
     * Revokes all keys of an organisation and everything beneath it that the caller handles, in bounded batches, and
     * returns how many, in all tries. Fails with {@link Failure.CallerLockedOut} for the organisation at the scope's top,
     * because the actor's own key would be among them.
     */
    public Uni<Long> revokeAll(OrgScope scope, Organisation organisation, Set<Role> roles, Attempt attempt) {
        if (organisation.id().equals(scope.root())) {
            return Uni.createFrom().failure(new Failure.CallerLockedOut().asException());
        }
        var theirs = scope.narrow(organisation);
        // Before the write, in case its answer is lost; after it, so that the full forgetting time follows.
        cache.forget(organisation.id());
        return revokeInBatches(theirs, roles, attempt.id())
                .invoke(revoked -> cache.forget(organisation.id()))
                .chain(revoked -> attempt.isRepeated()
                        ? repository.countRevoked(theirs, attempt.id())
                        : Uni.createFrom().item(revoked));
    }

    private Uni<Long> revokeInBatches(OrgScope scope, Set<Role> roles, ObjectId revocation) {
        return Uni.createFrom().deferred(() -> {
            var revoked = new AtomicLong();
            return Steps.<KeyId, KeyId>eachBatch(
                            BATCH,
                            after -> repository.live(scope, roles, after, BATCH),
                            Function.identity(),
                            ids -> repository
                                    .revoke(scope, ids, revocation, clock.instant())
                                    .invoke(revoked::addAndGet)
                                    .replaceWithVoid())
                    .replaceWith(revoked::get);
        });
    }

    private Uni<Boolean> change(KeyTarget target, ApiKey key, ApiKey changed, Actor actor) {
        var isOwn = key.id().equals(actor.key());
        if (isOwn && !(changed.isGood(clock.instant()) && changed.isOpenTo(actor.address()))) {
            throw new Failure.CallerLockedOut().asException();
        }
        var released =
                changed.isUnrestrictedRootKey() ? Uni.createFrom().voidItem() : rootKeys.release(target.scope(), key);
        return released.chain(() -> repository.change(target.scope(), key, changed));
    }

    /**
     * Adds entries to a key's access list. If the list was empty, the key then works from no other addresses. Fails
     * with {@link Failure.AddressTaken}, with {@link Failure.Invalid} if the list would be too long, or with
     * {@link Failure.CallerLockedOut} if that would lock out the actor.
     */
    public Uni<ApiKey> allow(KeyTarget target, KeyId id, List<AddressRange> ranges, Actor actor) {
        return revise(target, id, key -> {
                    var firstOfOwn =
                            key.id().equals(actor.key()) && key.accessEntries().isEmpty();
                    if (firstOfOwn && ranges.stream().noneMatch(actor::isIn)) {
                        throw new Failure.CallerLockedOut().asException();
                    }
                    requireNew(key, ranges);
                    var entries = ranges.stream()
                            .map(range -> AccessEntry.of(range, clock.instant()))
                            .toList();
                    return repository.allow(
                            target.scope(), key, entries, MAX_ENTRIES, key.id().equals(actor.key()));
                })
                .chain(() -> get(target, id));
    }

    /**
     * Removes an entry from the access list. Fails with {@link Failure.NotFound}, or with
     * {@link Failure.CallerLockedOut} if the remaining entries would lock out the actor. Without any entry, the key
     * works from every address.
     */
    public Uni<Void> disallow(KeyTarget target, KeyId id, AddressRange range, Actor actor) {
        return revise(target, id, key -> {
            entry(key, range);
            if (key.id().equals(actor.key())) {
                requireOpen(key, range, actor);
            }
            return repository.disallow(target.scope(), key, range, key.id().equals(actor.key()));
        });
    }

    /** Finds the entry of a key's access list for exactly this range. Fails with {@link Failure.NotFound}. */
    public static AccessEntry entry(ApiKey key, AddressRange range) {
        return key.accessEntries().stream()
                .filter(entry -> entry.range().equals(range.cidr()))
                .findFirst()
                .orElseThrow(() -> new Failure.NotFound(ACCESS_ENTRY).asException());
    }

    /** The remaining entries have to admit the actor to its own key. */
    private static void requireOpen(ApiKey key, AddressRange without, Actor actor) {
        var others = key.accessEntries().stream()
                .map(AccessEntry::addresses)
                .filter(range -> !range.cidr().equals(without.cidr()))
                .toList();
        if (!others.isEmpty() && others.stream().noneMatch(actor::isIn)) {
            throw new Failure.CallerLockedOut().asException();
        }
    }

    private static void requireNew(ApiKey key, List<AddressRange> ranges) {
        var listed = key.accessEntries().stream().map(AccessEntry::range).toList();
        if (listed.size() + ranges.size() > MAX_ENTRIES) {
            var tooMany = Violation.of("accessList", "must have between 0 and " + MAX_ENTRIES + " entries");
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
     * Reads the key and runs a step that depends on it. Repeats both while the step returns false, because the key
     * changed after it was read.
     */
    private Uni<Void> revise(KeyTarget target, KeyId id, Function<ApiKey, Uni<Boolean>> step) {
        return Steps.untilDone(ATTEMPTS, () -> get(target, id)
                .invoke(key -> cache.forget(id))
                .chain(step::apply)
                .invoke(done -> cache.forget(id)));
    }

    private static ApiKey require(Optional<ApiKey> found) {
        return found.orElseThrow(() -> new Failure.NotFound(API_KEY).asException());
    }
}
