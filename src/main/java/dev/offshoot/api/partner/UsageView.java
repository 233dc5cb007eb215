package dev.offshoot.api.partner;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.offshoot.usage.MonthlyUsage;
import java.time.Instant;

/** What an organisation used in a month, cut in UTC. */
public record UsageView(
        @JsonProperty("organisation_id") String organisationId,

        @JsonProperty("usage_month") String month,

        String source,

        @JsonProperty("api_requests") ApiRequests apiRequests,

        Storage storage,

        @JsonProperty("days_recorded") int daysRecorded,

        int version,

        boolean complete,

        @JsonProperty("as_of") Instant asOf) {

    /** API requests, counted. */
    public record ApiRequests(long total) {}

    /** Storage, as the levels of the recorded days. */
    public record Storage(
            @JsonProperty("average_bytes") long averageBytes,

            @JsonProperty("peak_bytes") long peakBytes,

            @JsonProperty("latest_bytes") long latestBytes,

            @JsonProperty("byte_days") long byteDays) {}

    static UsageView of(MonthlyUsage usage) {
        var figures = usage.figures();
        return new UsageView(
                usage.organisation().toString(),
                usage.month().toString(),
                usage.closed() ? "monthly" : "daily",
                new ApiRequests(figures.apiRequests()),
                new Storage(figures.averageBytes(), figures.peakBytes(), figures.latestBytes(), figures.byteDays()),
                figures.daysRecorded(),
                usage.version(),
                usage.complete(),
                usage.asOf());
    }
}
