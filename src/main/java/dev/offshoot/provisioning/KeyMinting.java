package dev.offshoot.provisioning;

import static dev.offshoot.failure.Failure.Subject.API_KEY;
import static dev.offshoot.failure.Failure.Subject.ORGANISATION;

import dev.offshoot.apikey.ApiKey;
import dev.offshoot.apikey.ApiKeys;
import dev.offshoot.apikey.ApiKeys.Holder;
import dev.offshoot.apikey.CallerCache;
import dev.offshoot.apikey.KeyId;
import dev.offshoot.apikey.KeyMint;
import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.apikey.NewKey;
import dev.offshoot.apikey.Role;
import dev.offshoot.apikey.RootKeys;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;
import dev.offshoot.failure.Problem;
import dev.offshoot.failure.Violation;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.scope.OrgScope;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Mints keys for organisations that are there, for the first time or to take another key's place. */
@Singleton
public class KeyMinting {
    private final ApiKeys keys;
    private final KeyRepository repository;
    private final RootKeys rootKeys;
    private final KeyMint mint;
    private final CallerCache cache;
    private final Settlement settlement;
    private final Clock clock;

    KeyMinting(
            ApiKeys keys,
            KeyRepository repository,
            RootKeys rootKeys,
            KeyMint mint,
            CallerCache cache,
            Settlement settlement,
            Clock clock) {
        this.keys = keys;
        this.repository = repository;
        this.rootKeys = rootKeys;
        this.mint = mint;
        this.cache = cache;
        this.settlement = settlement;
        this.clock = clock;
    }

    /** A key and, this one time, its secret. */
    public record Minted(ApiKey key, KeySecret secret) {}

    /**
     * Fails with {@link Failure.NotFound} when the organisation was deleted meanwhile, and with {@link Failure.Invalid}
     * for a role that only a partner's key can have.
     */
    public Uni<Minted> mint(OrgScope scope, Organisation organisation, NewKey wanted) {
        if (!organisation.partner() && wanted.roles().stream().anyMatch(Role.PARTNERS_ONLY::contains)) {
            var roles = List.of(new Violation("roles", Problem.Bare.PARTNERS_ONLY));
            return Uni.createFrom().failure(new Failure.Invalid(Failure.Source.BODY, roles).asException());
        }
        return Uni.createFrom().deferred(() -> {
            var secret = KeySecret.mint();
            return store(
                            scope,
                            mint.record(secret, wanted, organisation.lineage(), clock.instant()),
                            Uni.createFrom().voidItem())
                    .map(key -> new Minted(key, secret));
        });
    }

    /**
     * A key to take the place of another: it has the same roles, list and expiry, and the other ends then, or earlier
     * where it was to. Fails with {@link Failure.NotFound} for a key that has ended or has a successor already.
     *
     * @param overlap how long both are good
     */
    public Uni<Minted> rotate(Holder holder, KeyId id, Duration overlap) {
        return keys.get(holder, id).chain(predecessor -> rotate(holder.scope(), predecessor, overlap));
    }

    private Uni<Minted> rotate(OrgScope scope, ApiKey predecessor, Duration overlap) {
        var now = clock.instant();
        if (!predecessor.isGood(now) || predecessor.successor() != null) {
            return Uni.createFrom().failure(new Failure.NotFound(API_KEY).asException());
        }
        var secret = KeySecret.mint();
        var successor = mint.record(secret, predecessor.likeness(), predecessor.lineage(), predecessor.id(), now);
        return store(scope, successor, follow(scope, predecessor, successor, now.plus(overlap)))
                .map(key -> new Minted(key, secret));
    }

    /** The commit point: the predecessor names its successor. Where it can't any more, the successor is none. */
    private Uni<Void> follow(OrgScope scope, ApiKey predecessor, ApiKey successor, Instant end) {
        return rootKeys.note(scope, successor)
                .chain(() -> rootKeys.release(scope, predecessor))
                .invoke(() -> cache.forget(predecessor.id()))
                .chain(() -> repository.change(scope, predecessor, predecessor.followedBy(successor.id(), end)))
                .invoke(() -> cache.forget(predecessor.id()))
                .chain(done -> done ? Uni.createFrom().voidItem() : withdraw(scope, successor));
    }

    private Uni<Void> withdraw(OrgScope scope, ApiKey successor) {
        return rootKeys.release(scope, successor)
                .onFailure(FailureException.class)
                .recoverWithNull()
                .chain(() -> repository.revoke(scope, successor, clock.instant()))
                .onItem()
                .failWith(() -> new Failure.NotFound(API_KEY).asException())
                .replaceWithVoid();
    }

    /** Stores a key, takes the step that makes it count, and sees whether its organisation still is there. */
    private Uni<ApiKey> store(OrgScope scope, ApiKey key, Uni<Void> step) {
        return repository
                .insertMinted(scope, List.of(key))
                .chain(() -> step)
                .chain(() -> settlement.settle(scope, key))
                .invoke(KeyMinting::requireLive)
                .chain(() -> rootKeys.note(scope, key))
                .replaceWith(key);
    }

    private static void requireLive(boolean live) {
        if (!live) {
            throw new Failure.NotFound(ORGANISATION).asException();
        }
    }
}
