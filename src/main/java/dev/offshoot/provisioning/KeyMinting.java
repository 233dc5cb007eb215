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
import dev.offshoot.failure.Violation;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.task.Steps;
import dev.offshoot.value.KeyId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
    private final Clock clock;

    KeyMinting(
            ApiKeys keys,
            KeyRepository repository,
            RootKeys rootKeys,
            KeyMint mint,
            CallerCache cache,
            BatchConfirmation confirmation,
            Clock clock) {
        this.keys = keys;
        this.repository = repository;
        this.rootKeys = rootKeys;
        this.mint = mint;
        this.cache = cache;
        this.confirmation = confirmation;
        this.clock = clock;
    }

    /** A minted key and its secret, which is shown only this once. */
    public record Minted(ApiKey key, KeySecret secret) {}

    /**
     * Mints a key for an organisation. If the organisation is deleted meanwhile, the key is refused. Fails with
     * {@link Failure.Invalid} for a role that only a partner's key can have.
     */
    public Uni<Minted> mint(OrgScope scope, Organisation organisation, NewKey wanted) {
        if (!organisation.partner() && wanted.roles().stream().anyMatch(Role.PARTNERS_ONLY::contains)) {
            var roles = List.of(Violation.of("roles", "has a role that only a partner's key can have"));
            return Uni.createFrom().failure(new Failure.Invalid(Failure.Source.BODY, roles).asException());
        }
        return Uni.createFrom().deferred(() -> {
            var secret = KeySecret.mint();
            var key = mint.record(secret, wanted, organisation.lineage(), clock.instant());
            return repository
                    .insertMinted(scope, List.of(key))
                    .invoke(() -> confirmation.add(scope, key))
                    .chain(() -> rootKeys.note(scope, key))
                    .replaceWith(new Minted(key, secret));
        });
    }

    /**
     * Mints a successor with the same roles, access list and expiry. The predecessor ends after the overlap, or at its
     * own expiry if that is earlier. Fails with {@link Failure.NotFound} for a key that has ended or already has a
     * successor.
     *
     * @param overlap how long both keys are valid
     */
    public Uni<Minted> rotate(KeyTarget target, KeyId id, Duration overlap) {
        return Steps.untilPresent(ATTEMPTS, () -> keys.get(target, id)
                .chain(predecessor -> rotate(target.scope(), predecessor, overlap)));
    }

    /**
     * Tries one rotation. Empty if the predecessor was changed after it was read, so that the successor does not match
     * it.
     */
    private Uni<Optional<Minted>> rotate(OrgScope scope, ApiKey predecessor, Duration overlap) {
        var now = clock.instant();
        if (!predecessor.isGood(now) || predecessor.successor() != null) {
            return Uni.createFrom().failure(new Failure.NotFound(API_KEY).asException());
        }
        var secret = KeySecret.mint();
        var successor = mint.record(secret, predecessor.toSuccessor(), predecessor.lineage(), predecessor.id(), now);
        return repository
                .insertMinted(scope, List.of(successor))
                .chain(() -> follow(scope, predecessor, successor, now.plus(overlap)))
                .chain(done -> done
                        ? confirmLater(scope, new Minted(successor, secret))
                        : repository.revoke(scope, successor, clock.instant()).replaceWith(Optional.empty()));
    }

    /**
     * Commits a rotation: the predecessor names its successor. For an unrestricted key of the root the commit point
     * comes before that: the successor replaces it in the root's list, so that the list always holds at least one such
     * key.
     */
    private Uni<Boolean> follow(OrgScope scope, ApiKey predecessor, ApiKey successor, Instant end) {
        if (!predecessor.isUnrestrictedRootKey()) {
            return end(scope, predecessor, successor, end);
        }
        return rootKeys.replace(scope, predecessor, successor)
                .call(done -> done
                        ? endWhatIsLeft(scope, predecessor, successor, end)
                        : Uni.createFrom().voidItem());
    }

    private Uni<Boolean> end(OrgScope scope, ApiKey predecessor, ApiKey successor, Instant end) {
        cache.forget(predecessor.id());
        return repository
                .change(scope, predecessor, predecessor.followedBy(successor.id(), end))
                .invoke(done -> cache.forget(predecessor.id()));
    }

    /** Ends the predecessor if it is still live, even if it was changed meanwhile. */
    private Uni<Void> endWhatIsLeft(OrgScope scope, ApiKey predecessor, ApiKey successor, Instant end) {
        return Steps.untilDone(ATTEMPTS, () -> repository
                .find(scope, predecessor.organisation(), predecessor.id(), Set.of(Role.values()))
                .chain(left -> left.isPresent()
                        ? end(scope, left.get(), successor, end)
                        : Uni.createFrom().item(true)));
    }

    private Uni<Optional<Minted>> confirmLater(OrgScope scope, Minted successor) {
        confirmation.add(scope, successor.key());
        return Uni.createFrom().item(Optional.of(successor));
    }
}
