package dev.offshoot.usage;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.bson.codecs.pojo.annotations.BsonProperty;

/**
 * What a month's days make together.
 *
 * @param apiRequests the sum of the days' counts
 * @param byteDays the sum of the days' levels
 * @param peakBytes the largest of the days' levels
 * @param latestBytes the level of the last day that has one
 * @param daysRecorded how many days have a record
 */
public record UsageFigures(
        @BsonProperty("api_requests") long apiRequests,
        @BsonProperty("byte_days") long byteDays,
        @BsonProperty("peak_bytes") long peakBytes,
        @BsonProperty("latest_bytes") long latestBytes,
        @BsonProperty("days_recorded") int daysRecorded) {

    /** Of the days of one month. A day is bounded so that 31 of them fit. */
    static UsageFigures of(List<UsageDay> days) {
        var requests = days.stream().mapToLong(UsageDay::apiRequests).reduce(0, Math::addExact);
        var levels = days.stream()
                .sorted(Comparator.comparing(UsageDay::id))
                .map(UsageDay::storageBytes)
                .filter(Objects::nonNull)
                .mapToLong(Long::longValue)
                .toArray();
        var byteDays = 0L;
        var peak = 0L;
        for (var level : levels) {
            byteDays = Math.addExact(byteDays, level);
            peak = Math.max(peak, level);
        }
        var latest = levels.length == 0 ? 0 : levels[levels.length - 1];
        return new UsageFigures(requests, byteDays, peak, latest, days.size());
    }

    /** The mean level of the recorded days, rounded down. */
    public long averageBytes() {
        return daysRecorded == 0 ? 0 : byteDays / daysRecorded;
    }
}
