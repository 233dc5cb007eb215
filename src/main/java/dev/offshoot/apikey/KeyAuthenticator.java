package dev.offshoot.apikey;

import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.scope.Located;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/**
 * From a key to its caller. A key is good only when it is itself good and every organisation of its lineage is found
 * live; absence refuses. Without a cached answer that takes two commands; a key that is none takes nothing.
 */
@Singleton
public class KeyAuthenticator {
    private final KeyRepository keys;
    private final OrganisationRepository organisations;
    private final CallerCache cache;
    private final Clock clock;

    KeyAuthenticator(KeyRepository keys, OrganisationRepository organisations, CallerCache cache, Clock clock) {
        this.keys = keys;
        this.organisations = organisations;
        this.cache = cache;
        this.clock = clock;
    }

    /** The caller, or nothing; why not, is nobody's business. */
    public Uni<Optional<Caller>> authenticate(String presented) {
        return KeySecret.parse(presented).map(this::authenticate).orElseGet(() -> Uni.createFrom()
                .item(Optional.empty()));
    }

    private Uni<Optional<Caller>> authenticate(KeySecret secret) {
        var cached = cache.get(secret, clock.instant());
        return cached.isPresent() ? Uni.createFrom().item(cached) : lookUp(secret);
    }

    private Uni<Optional<Caller>> lookUp(KeySecret secret) {
        return Uni.createFrom().deferred(() -> {
            var readAtNanos = System.nanoTime();
            return keys.identify(secret.id())
                    .map(found -> found.filter(key -> isGood(key.record(), secret)))
                    .chain(found -> found.isPresent() ? ifLive(found.get(), readAtNanos) : nobody());
        });
    }

    private boolean isGood(ApiKey key, KeySecret secret) {
        return secret.matches(key.digest()) && key.isGood(clock.instant());
    }

    private Uni<Optional<Caller>> ifLive(Located<ApiKey> found, long readAtNanos) {
        var lineage = found.record().lineage();
        return organisations.standings(lineage).map(standings -> {
            var live =
                    standings.stream().filter(standing -> !standing.deleted()).count();
            return live == lineage.size() ? Optional.of(admit(found, readAtNanos)) : Optional.empty();
        });
    }

    private Caller admit(Located<ApiKey> found, long readAtNanos) {
        var key = found.record();
        var caller = new Caller(key.id(), Set.copyOf(key.roles()), found.scope());
        cache.put(key, caller, readAtNanos);
        return caller;
    }

    private static Uni<Optional<Caller>> nobody() {
        return Uni.createFrom().item(Optional.empty());
    }
}
