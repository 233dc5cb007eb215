package dev.offshoot.apikey;

import dev.offshoot.apikey.KeyCheck.Reason;
import dev.offshoot.apikey.LookUpBudget.Charge;
import dev.offshoot.digest.KeyEncryption;
import dev.offshoot.failure.Failure;
import dev.offshoot.organisation.AncestorStatus;
import dev.offshoot.organisation.CountryCode;
import dev.offshoot.organisation.OrganisationLocale;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.organisation.TimeZoneId;
import dev.offshoot.scope.Located;
import dev.offshoot.value.KeyId;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.bson.types.Binary;
import org.jspecify.annotations.Nullable;

/**
 * Turns a presented key into its caller: it reads the key, looks it up, verifies the proof, reads its ancestors and
 * checks it. A key is valid only if it is itself valid and every organisation of its lineage is found live; an absent
 * organisation refuses it. A key that is not cached takes at most two commands; a text that is not a key takes none.
 */
@Singleton
public class KeyAuthenticator {
    private final KeyRepository keys;
    private final OrganisationRepository organisations;
    private final KeyEncryption encryption;
    private final CallerCache cache;
    private final UnknownKeyLimiter unknownKeys;
    private final KeyMetrics metrics;
    private final Clock clock;
    private final ApiKey decoy;

    KeyAuthenticator(
            KeyRepository keys,
            OrganisationRepository organisations,
            KeyEncryption encryption,
            KeyMint mint,
            CallerCache cache,
            UnknownKeyLimiter unknownKeys,
            KeyMetrics metrics,
            Clock clock) {
        this.keys = keys;
        this.organisations = organisations;
        this.encryption = encryption;
        this.cache = cache;
        this.unknownKeys = unknownKeys;
        this.metrics = metrics;
        this.clock = clock;
        this.decoy = mint.record(
                KeySecret.mint(), NewKey.unlimited("Decoy", List.of()), List.of(OrgId.mint()), Instant.EPOCH);
    }

    /** Checks the whole key that a caller presented, if any. */
    public Uni<KeyCheck> authenticate(Optional<String> presented, KeySource source) {
        return presented
                .map(text -> check(text, source))
                .orElseGet(() -> Uni.createFrom().item(KeyCheck.invalid(Reason.MISSING)))
                .invoke(this::count);
    }

    /**
     * Checks the key with the given id for a caller that proves to know its HA1 (RFC 7616). An unknown id takes the
     * same work as a wrong proof.
     *
     * @param proof whether the HA1, 16 bytes, fits what was presented
     */
    public Uni<KeyCheck> authenticate(KeyId id, Predicate<byte[]> proof, KeySource source) {
        return find(id, key -> isProven(key, proof), source).map(this::check).invoke(this::count);
    }

    /** Checks a key that somebody else presented to the caller. A key outside the caller's scope is unknown. */
    public Uni<KeyCheck> check(Caller asking, String presented) {
        return KeySecret.parse(presented)
                .map(secret -> find(secret, new KeySource.Gateway(asking.key())))
                .orElseGet(KeyAuthenticator::nothing)
                .map(found -> check(found.filter(known -> asking.scope().covers(known.key()))));
    }

    private Uni<KeyCheck> check(String presented, KeySource source) {
        return KeySecret.parse(presented)
                .map(secret -> find(secret, source).map(this::check))
                .orElseGet(() -> Uni.createFrom().item(KeyCheck.invalid(Reason.MALFORMED)));
    }

    private KeyCheck check(Optional<CachedKey> found) {
        return found.map(known -> known.check(clock.instant())).orElseGet(() -> KeyCheck.invalid(Reason.UNKNOWN));
    }

    private void count(KeyCheck check) {
        if (check instanceof KeyCheck.Invalid invalid) {
            metrics.refused(invalid.reason());
        }
    }

    /** Finds the key of a secret. Fails with {@link Failure.Unavailable} if too many unknown keys were presented. */
    private Uni<Optional<CachedKey>> find(KeySecret secret, KeySource source) {
        return Uni.createFrom().deferred(() -> {
            Predicate<ApiKey> proof = key -> secret.matches(key.digest());
            var known = known(secret.id()).filter(result -> proof.test(result.key()));
            if (known.isPresent()) {
                metrics.lookedInCallers(true);
                return Uni.createFrom().item(known);
            }
            var digest = secret.digest();
            var isUnknown = unknownKeys.isUnknown(digest);
            metrics.lookedInUnknownKeys(isUnknown);
            return isUnknown
                    ? nothing()
                    : find(secret.id(), proof, source).invoke(found -> noteUnless(found.isPresent(), digest));
        });
    }

    /** What the look-up that is shared now has found, if that counts. */
    private Optional<CachedKey> known(KeyId id) {
        return cache.get(id).flatMap(this::known);
    }

    private Optional<CachedKey> known(KeyLookUp lookUp) {
        return lookUp.result().filter(result -> cache.counts(lookUp, result.key()));
    }

    private void noteUnless(boolean isFound, Binary digest) {
        if (!isFound) {
            unknownKeys.noteUnknown(digest);
        }
    }

    /** Finds a key with the look-up that is shared now, or a new one, which is charged unless it finds the key. */
    private Uni<Optional<CachedKey>> find(KeyId id, Predicate<ApiKey> proof, KeySource source) {
        return Uni.createFrom().deferred(() -> {
            var shared = cache.get(id);
            metrics.lookedInCallers(shared.isPresent());
            if (shared.isPresent()) {
                return find(id, shared.get(), proof);
            }
            return find(id, cache.share(id, () -> lookUp(id, proof, unknownKeys.charge(id, source))), proof);
        });
    }

    private Uni<Optional<CachedKey>> find(KeyId id, KeyLookUp lookUp, Predicate<ApiKey> proof) {
        var known = known(lookUp);
        if (known.isPresent()) {
            return Uni.createFrom().item(known.filter(result -> proof.test(result.key())));
        }
        return lookUp.key()
                .chain(found ->
                        isOf(found, proof) ? complete(id, lookUp, proof) : KeyAuthenticator.<CachedKey>nothing())
                .onFailure()
                .invoke(() -> cache.drop(id, lookUp));
    }

    /** The caller of a proven key. A look-up that began before the key was forgotten does not count. */
    private Uni<Optional<CachedKey>> complete(KeyId id, KeyLookUp lookUp, Predicate<ApiKey> proof) {
        return lookUp.complete().chain(result -> {
            if (cache.counts(lookUp, result.key())) {
                return Uni.createFrom().item(Optional.of(result));
            }
            cache.drop(id, lookUp);
            return find(id, cache.share(id, () -> lookUp(id, proof, Optional.empty())), proof);
        });
    }

    private KeyLookUp lookUp(KeyId id, Predicate<ApiKey> proof, Optional<Charge> charge) {
        var key = charge.map(one -> charged(id, proof, one)).orElseGet(() -> keys.identify(id));
        return new KeyLookUp(key, this::withCaller);
    }

    /**
     * A look-up that failed or found its key is refunded even if whoever began it has hung up. It is kept for longer than it
     * takes, and does not keep the request that the proof is of.
     */
    private Uni<Optional<Located<ApiKey>>> charged(KeyId id, Predicate<ApiKey> proof, Charge charge) {
        var once = new AtomicReference<@Nullable Predicate<ApiKey>>(proof);
        return keys.identify(id)
                .invoke(found -> {
                    var own = once.getAndSet(null);
                    if (own != null && isOf(found, own)) {
                        unknownKeys.noteFound(id);
                        charge.refund();
                    }
                })
                .onFailure()
                .invoke(() -> charge.refund());
    }

    /**
     * Whether the proof is one of the key that was found. The decoy stands for a key that does not exist, and the look-up of
     * that is shared for its second too, so that neither costs a command or a comparison more than the other.
     */
    private boolean isOf(Optional<Located<ApiKey>> found, Predicate<ApiKey> proof) {
        var isProven = proof.test(found.map(Located::record).orElse(decoy));
        return isProven && found.isPresent();
    }

    /** Adds the caller to a key. Only a key that is itself valid needs its lineage to be read. */
    private Uni<CachedKey> withCaller(Located<ApiKey> found) {
        var caller = found.record().isGood(clock.instant())
                ? organisations.statuses(found.record().lineage()).map(statuses -> callerIfLive(found, statuses))
                : Uni.createFrom().item(Optional.<Caller>empty());
        return caller.map(who -> new CachedKey(found.record(), who));
    }

    private static Optional<Caller> callerIfLive(Located<ApiKey> found, List<AncestorStatus> statuses) {
        var key = found.record();
        var live = statuses.stream().filter(status -> !status.deleted()).toList();
        return live.size() < key.lineage().size()
                ? Optional.empty()
                : live.stream()
                        .filter(status -> status.id().equals(key.owner()))
                        .findFirst()
                        .map(own -> caller(found, own));
    }

    private static Caller caller(Located<ApiKey> found, AncestorStatus own) {
        var key = found.record();
        var locale = new OrganisationLocale(
                new CountryCode(own.country()), new TimeZoneId(own.division().timezone()));
        var from = key.accessEntries().stream().map(AccessEntry::addresses).toList();
        return new Caller(
                key.id(), Set.copyOf(key.roles()), found.scope(), own.organisationKey(), from, locale, own.rateLimit());
    }

    private boolean isProven(ApiKey key, Predicate<byte[]> proof) {
        var ha1 = open(key);
        return proof.test(ha1.or(() -> open(decoy)).orElseThrow()) && ha1.isPresent();
    }

    private Optional<byte[]> open(ApiKey key) {
        return Optional.ofNullable(key.sealedHa1()).flatMap(sealedHa1 -> encryption.open(key.id(), sealedHa1));
    }

    private static <T> Uni<Optional<T>> nothing() {
        return Uni.createFrom().item(Optional.empty());
    }
}
