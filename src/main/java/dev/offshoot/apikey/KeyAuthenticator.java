package dev.offshoot.apikey;

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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * From a key to its caller. A key is good only when it is itself good and every organisation of its lineage is found
 * live; absence refuses. Without a cached answer that takes two commands; a key that is none takes nothing.
 */
@Singleton
public class KeyAuthenticator {
    private static final Logger LOG = Logger.getLogger(KeyAuthenticator.class);

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
        var nobodys = OrgId.mint();
        this.decoy = mint.record(
                KeySecret.mint(), NewKey.unlimited("Nobody's", List.of()), List.of(nobodys), clock.instant());
    }

    /** As {@link #authenticate(String)}, of somebody who may have presented nothing. */
    public Uni<Optional<Caller>> authenticate(Optional<String> presented) {
        return presented.map(this::authenticate).orElseGet(() -> refuse(KeyRefusal.MISSING));
    }

    /** The caller whose key was presented whole, or nothing; why not, is the operator's business alone. */
    public Uni<Optional<Caller>> authenticate(String presented) {
        return KeySecret.parse(presented)
                .map(secret -> Uni.createFrom().deferred(() -> examine(secret)).map(this::caller))
                .orElseGet(() -> refuse(KeyRefusal.MALFORMED));
    }

    /**
     * The key that was presented whole, good or not, or nothing where there is no such key. Fails with
     * {@link Failure.Unavailable} when there were too many that nobody knows.
     */
    public Uni<Optional<KnownKey>> examine(String presented) {
        return KeySecret.parse(presented)
                .map(secret -> Uni.createFrom().deferred(() -> examine(secret)))
                .orElseGet(KeyAuthenticator::nobody);
    }

    private Uni<Optional<KnownKey>> examine(KeySecret secret) {
        var digest = secret.digest();
        var isNone = unknownKeys.isNone(digest);
        metrics.lookedInUnknownKeys(isNone);
        if (isNone) {
            return nobody();
        }
        return find(secret.id(), key -> secret.matches(key.digest()), () -> unknownKeys.admit(digest))
                .invoke(found ->
                        found.ifPresentOrElse(known -> unknownKeys.found(digest), () -> unknownKeys.notFound(digest)));
    }

    /**
     * The caller who proved to know the HA1 of the key with that id (RFC 7616), or nothing. An id that no key has costs
     * the same work as a wrong proof.
     *
     * @param proof whether the HA1, 16 bytes, fits what was presented
     */
    public Uni<Optional<Caller>> authenticate(KeyId id, Predicate<byte[]> proof) {
        return find(id, key -> isProven(key, proof), () -> {}).map(this::caller);
    }

    private Uni<Optional<Caller>> refuse(KeyRefusal reason) {
        metrics.refused(reason);
        return nobody();
    }

    private Optional<Caller> caller(Optional<KnownKey> found) {
        if (found.isEmpty()) {
            metrics.refused(KeyRefusal.UNKNOWN);
            return Optional.empty();
        }
        var now = clock.instant();
        found.get().refusal(now).ifPresent(metrics::refused);
        return found.get().callerAt(now);
    }

    private boolean isProven(ApiKey key, Predicate<byte[]> proof) {
        var ha1 = open(key);
        return proof.test(ha1.or(() -> open(decoy)).orElseThrow()) && ha1.isPresent();
    }

    private Optional<byte[]> open(ApiKey key) {
        return Optional.ofNullable(key.sealedHa1()).flatMap(sealedHa1 -> encryption.open(key.id(), sealedHa1));
    }

    /** A proof that fails costs the look-up, whether the key is cached or not, so that nobody learns which keys are. */
    private Uni<Optional<KnownKey>> find(KeyId id, Predicate<ApiKey> proof, Runnable beforeLookUp) {
        return Uni.createFrom().deferred(() -> {
            var cached = cache.get(id).filter(entry -> proof.test(entry.key()));
            metrics.lookedInCallers(cached.isPresent());
            if (cached.isPresent()) {
                return Uni.createFrom().item(cached);
            }
            beforeLookUp.run();
            return lookUp(id, proof);
        });
    }

    private Uni<Optional<KnownKey>> lookUp(KeyId id, Predicate<ApiKey> proof) {
        var readAtNanos = System.nanoTime();
        return keys.identify(id)
                .map(found -> found.filter(key -> proof.test(key.record())).or(() -> refuse(found, proof)))
                .chain(found -> found.isPresent() ? know(found.get(), readAtNanos) : nobody());
    }

    /** For a key that does not exist the proof is tried on the decoy's, whatever comes of it. */
    private Optional<Located<ApiKey>> refuse(Optional<Located<ApiKey>> found, Predicate<ApiKey> proof) {
        var proven = found.isEmpty() && proof.test(decoy);
        LOG.tracef("No such key: decoy=%s", proven);
        return Optional.empty();
    }

    /** A key that is itself good needs its whole lineage live; for another, nobody looks. */
    private Uni<Optional<KnownKey>> know(Located<ApiKey> found, long readAtNanos) {
        var lineage = found.record().lineage();
        var caller = found.record().isGood(clock.instant())
                ? organisations.statuses(lineage).map(statuses -> callerIfLive(found, statuses))
                : Uni.createFrom().item(Optional.<Caller>empty());
        return caller.map(who -> new KnownKey(found.record(), who, readAtNanos))
                .invoke(cache::put)
                .map(Optional::of);
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
        return new Caller(key.id(), Set.copyOf(key.roles()), found.scope(), own.organisationKey(), from, locale);
    }

    private static <T> Uni<Optional<T>> nobody() {
        return Uni.createFrom().item(Optional.empty());
    }
}
