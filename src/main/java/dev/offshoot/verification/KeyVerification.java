package dev.offshoot.verification;

import dev.offshoot.apikey.Caller;
import dev.offshoot.apikey.KeyAuthenticator;
import dev.offshoot.apikey.KeyMetrics;
import dev.offshoot.apikey.KeyUses;
import dev.offshoot.apikey.KnownKey;
import dev.offshoot.apikey.Verdict;
import dev.offshoot.failure.Failure;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.usage.RequestCounter;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a customer's key is good and whose it is, for each request that the vendor's product serves: no database command
 * for a key of the last second, two for others. A good key's requests are counted for its organisation.
 */
@Singleton
public class KeyVerification {
    private final KeyAuthenticator keys;
    private final KeyUses uses;
    private final RequestCounter requests;
    private final KeyMetrics metrics;
    private final Clock clock;

    KeyVerification(KeyAuthenticator keys, KeyUses uses, RequestCounter requests, KeyMetrics metrics, Clock clock) {
        this.keys = keys;
        this.uses = uses;
        this.requests = requests;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * What is to be said of the key.
     *
     * @param holder whose key it is, when it is valid
     * @param expiresAt when it ends, when it is valid and ever does
     */
    public record Verified(
            Verdict verdict,
            Optional<Caller> holder,
            @Nullable Instant expiresAt) {
        static Verified not(Verdict verdict) {
            return new Verified(verdict, Optional.empty(), null);
        }
    }

    /**
     * Judges a key and, when it is valid, counts requests. A key outside of the actor's scope is unknown; one with an
     * access list is refused from an address that nobody tells. Fails with {@link Failure.Unavailable} when too many keys
     * came that nobody knows.
     *
     * @param from the address that the key was used from, if the actor tells it
     * @param count how many requests it was used for, 0 or more
     */
    public Uni<Verified> verify(OrgScope actor, String presented, Optional<InetAddress> from, long count) {
        return keys.examine(presented)
                .map(found -> found.filter(known -> actor.covers(known.key()))
                        .map(known -> judge(known, from))
                        .orElse(Verified.not(Verdict.UNKNOWN)))
                .invoke(verified -> metrics.verified(verified.verdict()))
                .invoke(verified -> verified.holder().ifPresent(holder -> note(holder, from, count)));
    }

    private Verified judge(KnownKey known, Optional<InetAddress> from) {
        var verdict = known.verdict(clock.instant());
        if (verdict != Verdict.VALID) {
            return Verified.not(verdict);
        }
        var holder = known.caller().orElseThrow();
        var isOpen = holder.allowedFrom().isEmpty()
                || from.filter(holder::mayCallFrom).isPresent();
        return isOpen
                ? new Verified(Verdict.VALID, Optional.of(holder), known.key().expiresAt())
                : Verified.not(Verdict.IP_NOT_ALLOWED);
    }

    private void note(Caller holder, Optional<InetAddress> from, long count) {
        uses.count(holder, from);
        requests.count(holder.scope(), count);
    }
}
