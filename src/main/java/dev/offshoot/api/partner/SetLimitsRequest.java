package dev.offshoot.api.partner;

import dev.offshoot.ratelimit.RateLimit;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import java.util.Objects;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/**
 * The body of a call that sets a rate limit.
 *
 * @param burst how many requests may come at once; if absent, a second's worth
 */
@RegisterForReflection
record SetLimitsRequest(
        @NotNull @Range(min = 1, max = RateLimit.MAX) Long requestsPerSecond,
        @Range(min = 1, max = RateLimit.MAX) @Nullable Long burst) {

    RateLimit toRateLimit() {
        return new RateLimit(requestsPerSecond, Objects.requireNonNullElse(burst, requestsPerSecond));
    }
}
