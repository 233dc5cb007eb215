package dev.offshoot.api.partner;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.offshoot.usage.ChildUsage;
import dev.offshoot.usage.DailyUsage;
import dev.offshoot.usage.MonthlyUsage;
import dev.offshoot.usage.UsageFigures;
import dev.offshoot.usage.UsageQuery.Breakdown;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The usage of an organisation, or of it and everything beneath it, in a month in UTC, as the Partner API shows it. */
public record UsageView(
        @JsonProperty("organisation_id") String organisationId,

        @JsonProperty("usage_month") String month,

        String source,

        @JsonProperty("api_requests") ApiRequests apiRequests,

        Storage storage,

        @JsonProperty("days_recorded") int daysRecorded,

        long version,

        boolean complete,

        @JsonProperty("as_of") Instant asOf,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Day> daily,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Child> children) {

    /** The number of API requests. */
    public record ApiRequests(BigInteger total) {}

    /** Storage figures, derived from the levels of the recorded days. */
    public record Storage(
            @JsonProperty("average_bytes") BigInteger averageBytes,

            @JsonProperty("peak_bytes") BigInteger peakBytes,

            @JsonProperty("latest_bytes") BigInteger latestBytes,

            @JsonProperty("byte_days") BigInteger byteDays) {}

    /** A day that has usage. */
    public record Day(
            String day,
            @JsonProperty("api_requests") BigInteger apiRequests,
            @JsonProperty("storage_bytes") BigInteger storageBytes) {}

    /** The organisation itself without its children, or a child with everything beneath it. */
    public record Child(
            @JsonProperty("organisation_id") String organisationId,
            @JsonProperty("api_requests") BigInteger apiRequests,
            @JsonProperty("byte_days") BigInteger byteDays,
            @JsonProperty("peak_bytes") BigInteger peakBytes) {}

    static UsageView of(MonthlyUsage usage) {
        var breakdown = usage.query().breakdown();
        return new UsageView(
                usage.organisation().toString(),
                usage.query().month().toString(),
                usage.closed() ? "monthly" : "daily",
                new ApiRequests(usage.figures().apiRequests()),
                storage(usage.figures()),
                usage.figures().daysRecorded(),
                usage.version(),
                usage.complete(),
                usage.asOf(),
                breakdown == Breakdown.DAILY
                        ? usage.daily().stream().map(UsageView::day).toList()
                        : null,
                breakdown == Breakdown.CHILDREN
                        ? usage.children().stream().map(UsageView::child).toList()
                        : null);
    }

    private static Storage storage(UsageFigures figures) {
        return new Storage(figures.averageBytes(), figures.peakBytes(), figures.latestBytes(), figures.byteDays());
    }

    private static Day day(DailyUsage usage) {
        return new Day(usage.day().toString(), usage.apiRequests(), usage.storageBytes());
    }

    private static Child child(ChildUsage usage) {
        var figures = usage.figures();
        return new Child(
                usage.organisation().toString(), figures.apiRequests(), figures.byteDays(), figures.peakBytes());
    }
}
