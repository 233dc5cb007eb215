package dev.offshoot.apikey;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.offshoot.apikey.LookUpBudget.Charge;
import dev.offshoot.failure.Failure;
import dev.offshoot.settings.Settings;
import dev.offshoot.value.KeyId;
import io.github.bucket4j.TimeMeter;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.bson.types.Binary;

/**
 * Keeps unknown keys from overloading the database, since anyone can compute a checksum and invent an id. A look-up that
 * finds nothing is charged to whoever presented the key: a client's network, or the gateway that asked. Half of what a
 * replica can spend is kept for gateways, so that a flood that comes directly does not shut out the customers behind
 * them. A key that was found is remembered until it has not been looked up for a day, and is looked up without a charge;
 * at most 100,000 are remembered. A key that was not found is not looked up again for ten seconds. That never affects a
 * new key, because nobody can present a key before it is minted.
 *
 * <p>The cache library loads a class by name for {@link #found}. The framework registers the classes of the other caches
 * for native images, but not this one.
 */
@Singleton
@RegisterForReflection(classNames = "com.github.benmanes.caffeine.cache.PSAMS")
class UnknownKeyLimiter {
    private static final Duration UNKNOWN_FOR = Duration.ofSeconds(10);
    private static final Duration FOUND_FOR = Duration.ofHours(24);
    private static final int MAX_ENTRIES = 100_000;

    private final Cache<Binary, Boolean> unknown = Caffeine.newBuilder()
            .maximumSize(MAX_ENTRIES)
            .expireAfterWrite(UNKNOWN_FOR)
            .build();
    private final Cache<KeyId, Boolean> found = Caffeine.newBuilder()
            .maximumSize(MAX_ENTRIES)
            .expireAfterAccess(FOUND_FOR)
            .build();
    private final KeyMetrics metrics;
    private final LookUpBudget networks;
    private final LookUpBudget gateways;

    @Inject
    UnknownKeyLimiter(KeyMetrics metrics, Settings settings) {
        this(metrics, settings.keys(), TimeMeter.SYSTEM_NANOTIME);
    }

    UnknownKeyLimiter(KeyMetrics metrics, Settings.Keys settings, TimeMeter clock) {
        this.metrics = metrics;
        var forGateways = settings.maxUnknownPerSecond() / 2;
        var burst = settings.unknownBurst();
        this.networks = new LookUpBudget(
                settings.maxUnknownPerSecondAndNetwork(), settings.maxUnknownPerSecond() - forGateways, burst, clock);
        this.gateways = new LookUpBudget(settings.maxUnknownPerSecondAndGateway(), forGateways, burst, clock);
    }

    /** Whether the key with this digest was recently looked up and not found. */
    boolean isUnknown(Binary digest) {
        return unknown.getIfPresent(digest) != null;
    }

    void noteUnknown(Binary digest) {
        unknown.put(digest, true);
    }

    /**
     * Charges the look-up of a key before it begins; nothing if the key was found lately. Fails with
     * {@link Failure.Unavailable} if too many look-ups found nothing.
     */
    Optional<Charge> charge(KeyId id, KeySource source) {
        return found.getIfPresent(id) != null
                ? Optional.empty()
                : Optional.of((source instanceof KeySource.Gateway ? gateways : networks).charge(source, metrics));
    }

    /** Notes that a key was found and its secret was right. */
    void noteFound(KeyId id) {
        found.put(id, true);
    }
}
