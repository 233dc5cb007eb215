package dev.offshoot.apikey;

import dev.offshoot.organisation.CountryCode;
import dev.offshoot.organisation.Home;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.organisation.TimeZoneId;
import dev.offshoot.scope.Located;
import dev.offshoot.scope.OrgId;
import dev.offshoot.scope.Standing;
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
    private final Clock clock;
    private final ApiKey decoy;

    KeyAuthenticator(
            KeyRepository keys,
            OrganisationRepository organisations,
            KeyEncryption encryption,
            KeyMint mint,
            CallerCache cache,
            Clock clock) {
        this.keys = keys;
        this.organisations = organisations;
        this.encryption = encryption;
        this.cache = cache;
        this.clock = clock;
        var nobodys = OrgId.mint();
        this.decoy = mint.record(KeySecret.mint(), "Nobody's", List.of(), List.of(nobodys), clock.instant());
    }

    /** The caller whose key was presented whole, or nothing; why not, is nobody's business. */
    public Uni<Optional<Caller>> authenticate(String presented) {
        return KeySecret.parse(presented)
                .map(secret -> find(secret.id(), key -> secret.matches(key.digest())))
                .orElseGet(KeyAuthenticator::nobody);
    }

    /**
     * The caller who proved to know the HA1 of the key with that id (RFC 7616), or nothing. An id that no key has costs
     * the same work as a wrong proof.
     *
     * @param proof whether the HA1, 16 bytes, fits what was presented
     */
    public Uni<Optional<Caller>> authenticate(KeyId id, Predicate<byte[]> proof) {
        return find(id, key -> {
            var ha1 = open(key);
            return proof.test(ha1.or(() -> open(decoy)).orElseThrow()) && ha1.isPresent();
        });
    }

    /** A proof that fails costs the look-up, whether the key is cached or not, so that nobody learns which keys are. */
    private Uni<Optional<Caller>> find(KeyId id, Predicate<ApiKey> proof) {
        return Uni.createFrom().deferred(() -> cache.get(id, clock.instant())
                .filter(entry -> proof.test(entry.key()))
                .map(entry -> Uni.createFrom().item(Optional.of(entry.caller())))
                .orElseGet(() -> lookUp(id, proof)));
    }

    private Optional<byte[]> open(ApiKey key) {
        return Optional.ofNullable(key.sealedHa1()).flatMap(sealedHa1 -> encryption.open(key.id(), sealedHa1));
    }

    private Uni<Optional<Caller>> lookUp(KeyId id, Predicate<ApiKey> proof) {
        return Uni.createFrom().deferred(() -> {
            var readAtNanos = System.nanoTime();
            return keys.identify(id)
                    .map(found ->
                            found.filter(key -> isGood(key.record(), proof)).or(() -> refuse(found, proof)))
                    .chain(found -> found.isPresent() ? ifLive(found.get(), readAtNanos) : nobody());
        });
    }

    /** For a key that does not exist the proof is tried on the decoy's, whatever comes of it. */
    private Optional<Located<ApiKey>> refuse(Optional<Located<ApiKey>> found, Predicate<ApiKey> proof) {
        var proven = found.isEmpty() && proof.test(decoy);
        LOG.tracef("No such good key: decoy=%s", proven);
        return Optional.empty();
    }

    private boolean isGood(ApiKey key, Predicate<ApiKey> proof) {
        return proof.test(key) && key.isGood(clock.instant());
    }

    private Uni<Optional<Caller>> ifLive(Located<ApiKey> found, long readAtNanos) {
        var lineage = found.record().lineage();
        return organisations.standings(lineage).map(standings -> {
            var live =
                    standings.stream().filter(standing -> !standing.deleted()).toList();
            return live.size() == lineage.size() ? Optional.of(admit(found, live, readAtNanos)) : Optional.empty();
        });
    }

    private Caller admit(Located<ApiKey> found, List<Standing> lineage, long readAtNanos) {
        var key = found.record();
        var home = lineage.stream()
                .filter(standing -> standing.id().equals(key.owner()))
                .map(own -> new Home(
                        new CountryCode(own.country()),
                        new TimeZoneId(own.division().timezone())))
                .findFirst();
        var from = key.accessEntries().stream().map(AccessEntry::addresses).toList();
        var caller = new Caller(key.id(), Set.copyOf(key.roles()), found.scope(), from, home.orElseThrow());
        cache.put(key, caller, readAtNanos);
        return caller;
    }

    private static Uni<Optional<Caller>> nobody() {
        return Uni.createFrom().item(Optional.empty());
    }
}
