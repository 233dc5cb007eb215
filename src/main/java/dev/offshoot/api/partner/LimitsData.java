package dev.offshoot.api.partner;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.offshoot.ratelimit.RateLimit;
import org.jspecify.annotations.Nullable;

/** The data of the answers about a rate limit; null if there is none. */
public record LimitsData(@Nullable Limits limits) {
    static final LimitsData NONE = new LimitsData(null);

    /** The rate limit of each key of an organisation. */
    public record Limits(
            @JsonProperty("requests_per_second") long requestsPerSecond, long burst) {}

    static LimitsData of(RateLimit limit) {
        return new LimitsData(new Limits(limit.requestsPerSecond(), limit.burst()));
    }
}
