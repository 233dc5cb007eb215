package dev.offshoot.api.partner;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.offshoot.usage.MonthlyUsage;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What an organisation used in a month, cut in UTC. */
@Schema(name = "Usage")
public record UsageView(
        @Schema(required = true, pattern = "^[a-f\\d]{24}$") @JsonProperty("organisation_id")
        String organisationId,

        @Schema(required = true, pattern = "^\\d{4}-\\d{2}$", examples = "2026-04") @JsonProperty("usage_month")
        String month,

        @Schema(
                required = true,
                enumeration = {"monthly", "daily"},
                description = "The closed month's total, or the daily records added up at that moment.")
        String source,

        @Schema(required = true) @JsonProperty("api_requests")
        ApiRequests apiRequests,

        @Schema(required = true) Storage storage,

        @Schema(required = true, minimum = "0", maximum = "31") @JsonProperty("days_recorded")
        int daysRecorded,

        @Schema(required = true, minimum = "0", description = "How often the month was closed.")
        int version,

        @Schema(required = true, description = "Whether it is closed and nothing waits to be derived.")
        boolean complete,

        @Schema(required = true, description = "When the figures were made.") @JsonProperty("as_of")
        Instant asOf) {

    /** API requests, counted. */
    @Schema(name = "UsageApiRequests")
    public record ApiRequests(
            @Schema(required = true, minimum = "0") long total) {}

    /** Storage, as the levels of the recorded days. */
    @Schema(name = "UsageStorage")
    public record Storage(
            @Schema(required = true, minimum = "0", description = "byte_days by days_recorded, rounded down.")
            @JsonProperty("average_bytes")
            long averageBytes,

            @Schema(required = true, minimum = "0") @JsonProperty("peak_bytes")
            long peakBytes,

            @Schema(required = true, minimum = "0", description = "The level of the last day that has one.")
            @JsonProperty("latest_bytes")
            long latestBytes,

            @Schema(required = true, minimum = "0", description = "The sum of the days' levels.")
            @JsonProperty("byte_days")
            long byteDays) {}

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
