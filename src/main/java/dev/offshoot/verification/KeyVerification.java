package dev.offshoot.verification;

import dev.offshoot.apikey.Caller;
import dev.offshoot.apikey.KeyAuthenticator;
import dev.offshoot.apikey.KeyCheck;
import dev.offshoot.apikey.KeyCheck.Reason;
import dev.offshoot.apikey.KeyMetrics;
import dev.offshoot.apikey.KeyUses;
import dev.offshoot.failure.Failure;
import dev.offshoot.ratelimit.RateLimiter;
import dev.offshoot.usage.RequestCounter;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Verifies a customer's key for each request that the vendor's product serves. A key that was found within the last
 * second takes no database command, any other at most two. The requests of a valid key are counted for its
 * organisation.
 */
@Singleton
public class KeyVerification {
    private final KeyAuthenticator keys;
    private final KeyUses uses;
    private final RequestCounter requests;
    private final KeyMetrics metrics;
    private final RateLimiter limiter;

    KeyVerification(
            KeyAuthenticator keys, KeyUses uses, RequestCounter requests, KeyMetrics metrics, RateLimiter limiter) {
        this.keys = keys;
        this.limiter = limiter;
        this.uses = uses;
        this.requests = requests;
        this.metrics = metrics;
    }

    /**
     * Checks a key and, if it is valid, counts its requests. A key outside the scope is unknown. A key with an access
     * list is refused unless the address is known and on the list, and one with a rate limit unless it is within it. Fails with {@link Failure.Unavailable} if too many
     * unknown keys were presented.
     *
     * @param asking whoever asks, who is charged if nobody has the key
     * @param from the address that the key was used from, if known
     * @param count how many requests it was used for, 0 or more; so many tokens it takes of the rate limit
     */
    public Uni<Verification> verify(Caller asking, String presented, Optional<InetAddress> from, long count) {
        return keys.check(asking, presented)
                .map(check -> withRateLimit(withAddress(check, from), count))
                .invoke(verification -> metrics.verified(verification.check()))
                .invoke(verification ->
                        verification.check().validCaller().ifPresent(caller -> note(caller, from, count)));
    }

    private static KeyCheck withAddress(KeyCheck check, Optional<InetAddress> from) {
        var isRefused =
                check.validCaller().filter(caller -> !caller.mayCallFrom(from)).isPresent();
        return isRefused ? KeyCheck.invalid(Reason.IP_NOT_ALLOWED) : check;
    }

    private Verification withRateLimit(KeyCheck check, long count) {
        return check.validCaller()
                .flatMap(caller -> limiter.take(caller.key(), caller.rateLimit(), count))
                .map(result -> new Verification(
                        result.allowed() ? check : KeyCheck.invalid(Reason.RATE_LIMITED), Optional.of(result)))
                .orElseGet(() -> new Verification(check, Optional.empty()));
    }

    private void note(Caller caller, Optional<InetAddress> from, long count) {
        uses.count(caller, from);
        requests.count(caller.scope(), count);
    }
}
