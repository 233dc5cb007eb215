package dev.offshoot.provisioning;

import static dev.offshoot.failure.Failure.Subject.API_KEY;

import dev.offshoot.apikey.ApiKey;
import dev.offshoot.apikey.ApiKeys;
import dev.offshoot.apikey.ApiKeys.KeyTarget;
import dev.offshoot.apikey.CallerCache;
import dev.offshoot.apikey.KeyMint;
import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.apikey.NewKey;
import dev.offshoot.apikey.Role;
import dev.offshoot.apikey.RootKeys;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;
import dev.offshoot.failure.Violation;
import dev.offshoot.idempotency.Attempt;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.task.AnsweredChanges;
import dev.offshoot.task.Steps;
import dev.offshoot.value.KeyId;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Mints keys for existing organisations: new keys, and successors of rotated keys. */
@Singleton
public class KeyMinting {
    private static final int ATTEMPTS = 8;

    private final ApiKeys keys;
    private final KeyRepository repository;
    private final RootKeys rootKeys;
    private final KeyMint mint;
    private final CallerCache cache;
    private final BatchConfirmation confirmation;
    private final AnsweredChanges answered;
    private final Clock clock;

    KeyMinting(
            ApiKeys keys,
            KeyRepository repository,
            RootKeys rootKeys,
            KeyMint mint,
            CallerCache cache,
            BatchConfirmation confirmation,
            AnsweredChanges answered,
            Clock clock) {
        this.keys = keys;
        this.repository = repository;
        this.rootKeys = rootKeys;
        this.mint = mint;
        this.cache = cache;
        this.confirmation = confirmation;
        this.answered = answered;
        this.clock = clock;
    }

    /** A minted key and its secret, which is shown only this once. */
    public record Minted(ApiKey key, KeySecret secret) {}

    /** Like {@link #mint(OrgScope, Organisation, NewKey, Attempt)}, in the one try that there is. */
    public Uni<Minted> mint(OrgScope scope, Organisation organisation, NewKey wanted) {
        return mint(scope, organisation, wanted, Attempt.once());
    }

    /**
     * Mints a key for an organisation. If the organisation is deleted meanwhile, the key is refused. Fails with
     * {@link Failure.Invalid} for a role that only a partner's key can have.
     */
    public Uni<Minted> mint(OrgScope scope, Organisation organisation, NewKey wanted, Attempt attempt) {
        if (!organisation.partner() && wanted.roles().stream().anyMatch(Role.PARTNERS_ONLY::contains)) {
            var roles = List.of(Violation.of("roles", "has a role that only a partner's key can have"));
            return Uni.createFrom().failure(new Failure.Invalid(Failure.Source.BODY, roles).asException());
        }
        return Uni.createFrom().deferred(() -> {
            var secret = KeySecret.mint(attempt, "key");
            var key = mint.record(secret, wanted, organisation.lineage(), clock.instant());
            return insert(scope, key, attempt)
                    .invoke(() -> confirmation.add(scope, key))
                    .chain(stored -> rootKeys.note(scope, key).replaceWith(stored))
                    .map(stored -> stored.createdAt().equals(key.createdAt())
                            ? key
                            : mint.record(secret, wanted, organisation.lineage(), stored.createdAt()))
                    .map(minted -> new Minted(minted, secret));
        });
    }

    /** Inserts a key, and returns it, or what an earlier try has inserted and others may have changed since. */
    private Uni<ApiKey> insert(OrgScope scope, ApiKey key, Attempt attempt) {
        if (!attempt.isRepeated()) {
            return repository.insertMinted(scope, List.of(key)).replaceWith(key);
        }
        return repository
                .insertMissing(scope, List.of(key))
                .chain(() -> stored(scope, key.organisation(), key.id()))
                .map(stored -> stored.orElseThrow(KeyMinting::notFound));
    }

    private Uni<Optional<ApiKey>> stored(OrgScope scope, OrgId organisation, KeyId id) {
        return repository.findEvenRevoked(scope, organisation, id, Set.of(Role.values()));
    }

    /**
     * Mints a successor with the same roles, access list and expiry. The predecessor ends after the overlap, or at its
     * own expiry if that is earlier. Fails with {@link Failure.NotFound} for a key that has ended or already has a
     * successor, unless an earlier try has minted that one.
     *
     * @param overlap how long both keys are valid
     */
    public Uni<Minted> rotate(KeyTarget target, KeyId id, Duration overlap, Attempt attempt) {
        return Uni.createFrom().deferred(() -> {
            var round = new AtomicInteger();
            return Steps.untilPresent(ATTEMPTS, () -> predecessor(target, id, attempt)
                            .chain(predecessor -> predecessor.successor() == null
                                    ? rotate(target.scope(), predecessor, overlap, attempt, round.getAndIncrement())
                                    : rotated(target.scope(), predecessor, attempt)))
                    .invoke(() ->
                            attempt.whenAnswered(() -> answered.add(repository, target.scope(), id, attempt.id())));
        });
    }

    /** A key that was rotated by an earlier try may have been revoked since. */
    private Uni<ApiKey> predecessor(KeyTarget target, KeyId id, Attempt attempt) {
        return attempt.isRepeated() ? keys.getEvenRevoked(target, id) : keys.get(target, id);
    }

    /** Finds the successor that an earlier try has minted in one of its rounds, and shows it as it was minted. */
    private Uni<Optional<Minted>> rotated(OrgScope scope, ApiKey predecessor, Attempt attempt) {
        var left = predecessor.leftBy(attempt.id()).orElseThrow(KeyMinting::notFound);
        var secret = successors(attempt)
                .filter(minted -> minted.id().equals(predecessor.successor()))
                .findFirst()
                .orElseThrow(KeyMinting::notFound);
        return dropIfRoots(scope, predecessor)
                .chain(() -> stored(scope, predecessor.organisation(), secret.id()))
                .map(found -> found.map(ApiKey::createdAt).map(at -> new Minted(successor(left, secret, at), secret)));
    }

    /** The earlier try may have got no further than the end of the predecessor. */
    private Uni<Void> dropIfRoots(OrgScope scope, ApiKey ended) {
        return ended.organisation().equals(OrgId.ROOT)
                ? rootKeys.drop(scope, ended.id())
                : Uni.createFrom().voidItem();
    }

    /** Tries one rotation. Empty if its successor does not fit the predecessor. */
    private Uni<Optional<Minted>> rotate(
            OrgScope scope, ApiKey predecessor, Duration overlap, Attempt attempt, int round) {
        return committed(scope, predecessor, attempt)
                .map(committed -> successor(predecessor, committed, attempt, round))
                .chain(secret -> rotate(scope, predecessor, secret, overlap, attempt));
    }

    private KeySecret successor(ApiKey predecessor, Optional<KeySecret> committed, Attempt attempt, int round) {
        if (committed.isEmpty() && !predecessor.isGood(clock.instant())) {
            throw notFound();
        }
        return committed.orElseGet(() -> successor(attempt, round));
    }

    private Uni<Optional<Minted>> rotate(
            OrgScope scope, ApiKey predecessor, KeySecret secret, Duration overlap, Attempt attempt) {
        var now = clock.instant();
        return insert(scope, successor(predecessor, secret, now), attempt)
                .chain(stored -> follow(scope, predecessor, stored, now.plus(overlap), attempt)
                        .call(done -> done ? confirmLater(scope, stored) : giveUp(scope, stored))
                        .map(done -> done ? Optional.of(new Minted(stored, secret)) : Optional.empty()));
    }

    /**
     * Finds the successor that an earlier try has put into the root's list, whatever became of its predecessor since. That
     * one may have been changed or revoked, because it was not ended yet.
     */
    private Uni<Optional<KeySecret>> committed(OrgScope scope, ApiKey predecessor, Attempt attempt) {
        if (!mayBeNoted(predecessor, attempt)) {
            return Uni.createFrom().item(Optional.empty());
        }
        var minted = successors(attempt).toList();
        return rootKeys.findNoted(scope, minted.stream().map(KeySecret::id).toList())
                .map(noted -> noted.flatMap(id ->
                        minted.stream().filter(secret -> secret.id().equals(id)).findFirst()));
    }

    private static boolean mayBeNoted(ApiKey predecessor, Attempt attempt) {
        return attempt.isRepeated() && predecessor.organisation().equals(OrgId.ROOT);
    }

    /** Nobody can have received the key. If another try is about to use it, that has given it a new confirmation. */
    private Uni<Void> giveUp(OrgScope scope, ApiKey stray) {
        return repository.revokeStray(scope, stray, clock.instant());
    }

    private static Stream<KeySecret> successors(Attempt attempt) {
        return IntStream.range(0, ATTEMPTS).mapToObj(round -> successor(attempt, round));
    }

    private static KeySecret successor(Attempt attempt, int round) {
        return KeySecret.mint(attempt, "successor " + round);
    }

    private ApiKey successor(ApiKey predecessor, KeySecret secret, Instant at) {
        return mint.record(secret, predecessor.toSuccessor(), predecessor.lineage(), predecessor.id(), at);
    }

    private static FailureException notFound() {
        return new Failure.NotFound(API_KEY).asException();
    }

    /**
     * Commits a rotation: the predecessor names its successor. For an unrestricted key of the root the commit point
     * comes before that: the successor replaces it in the root's list, so that the list always holds at least one such
     * key. False if the predecessor was changed meanwhile, or if an earlier try has minted the successor for what the
     * predecessor was then.
     */
    private Uni<Boolean> follow(OrgScope scope, ApiKey predecessor, ApiKey successor, Instant end, Attempt attempt) {
        if (successor.revokedAt() != null) {
            return Uni.createFrom().item(false);
        }
        return isNoted(scope, predecessor, successor, attempt)
                .chain(noted ->
                        noted ? Uni.createFrom().item(true) : commit(scope, predecessor, successor, end, attempt))
                .call(done -> done && successor.isUnrestrictedRootKey()
                        ? endWhatIsLeft(scope, predecessor, successor, end, attempt)
                        : Uni.createFrom().voidItem());
    }

    private Uni<Boolean> commit(OrgScope scope, ApiKey predecessor, ApiKey successor, Instant end, Attempt attempt) {
        if (!successor.toSuccessor().equals(predecessor.toSuccessor())) {
            return Uni.createFrom().item(false);
        }
        if (!predecessor.isUnrestrictedRootKey()) {
            return end(scope, predecessor, successor, end, attempt)
                    .chain(done ->
                            done ? Uni.createFrom().item(true) : isFollowed(scope, predecessor, successor, attempt));
        }
        return rootKeys.replace(scope, predecessor, successor)
                .chain(done -> done ? Uni.createFrom().item(true) : isNoted(scope, predecessor, successor, attempt));
    }

    /** Whether another try has put the successor into the root's list. */
    private Uni<Boolean> isNoted(OrgScope scope, ApiKey predecessor, ApiKey successor, Attempt attempt) {
        return mayBeNoted(predecessor, attempt)
                ? rootKeys.findNoted(scope, List.of(successor.id())).map(Optional::isPresent)
                : Uni.createFrom().item(false);
    }

    /** Whether another try has made the predecessor name the successor. */
    private Uni<Boolean> isFollowed(OrgScope scope, ApiKey predecessor, ApiKey successor, Attempt attempt) {
        return attempt.isRepeated()
                ? stored(scope, predecessor.organisation(), predecessor.id())
                        .map(left -> left.filter(key -> successor.id().equals(key.successor()))
                                .isPresent())
                : Uni.createFrom().item(false);
    }

    private Uni<Boolean> end(OrgScope scope, ApiKey predecessor, ApiKey successor, Instant end, Attempt attempt) {
        cache.forget(predecessor.id());
        return repository
                .change(scope, predecessor, predecessor.followedBy(successor, end, attempt, clock.instant()))
                .invoke(done -> cache.forget(predecessor.id()));
    }

    /** Ends the predecessor if it is still live, even if it was changed meanwhile. */
    private Uni<Void> endWhatIsLeft(
            OrgScope scope, ApiKey predecessor, ApiKey successor, Instant end, Attempt attempt) {
        return Steps.untilDone(ATTEMPTS, () -> repository
                        .find(scope, predecessor.organisation(), predecessor.id(), Set.of(Role.values()))
                        .chain(left -> left.isPresent()
                                        && !successor.id().equals(left.get().successor())
                                ? end(scope, left.get(), successor, end, attempt)
                                : Uni.createFrom().item(true)))
                .chain(() -> rootKeys.drop(scope, predecessor.id()));
    }

    private Uni<Void> confirmLater(OrgScope scope, ApiKey successor) {
        confirmation.add(scope, successor);
        return Uni.createFrom().voidItem();
    }
}
