package dev.offshoot.usage;

import dev.offshoot.scope.Scoped;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.panache.common.MongoEntity;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import org.bson.codecs.pojo.annotations.BsonId;
import org.bson.codecs.pojo.annotations.BsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A closed month of an organisation, derived from its days. It holds the days' figures as the closing saw them. So the
 * figures by day and by organisation add up to the month's own, even if the days change later.
 *
 * @param id the organisation's id, a slash and the month
 * @param days the days in order
 * @param version how often the month was closed; a late record or count closes it again
 * @param inputs the sum of the revisions of the days that it was derived from, which only grows
 */
@MongoEntity(collection = "usage_months")
public record UsageMonth(
        @BsonId String id,
        OrgId tenant,
        OrgId organisation,
        List<OrgId> lineage,
        String month,
        List<Day> days,
        int version,
        long inputs,
        @BsonProperty("closed_at") Instant closedAt)
        implements Scoped {

    /** How long after its end in UTC a month is closed, so that the last records can arrive. */
    private static final Duration GRACE = Duration.ofHours(1);

    /**
     * A day as the closing saw it.
     *
     * @param day the day of the month
     * @param storageBytes absent if no record reported a level
     */
    public record Day(
            int day,
            @BsonProperty("api_requests") long apiRequests,
            @BsonProperty("storage_bytes") @Nullable Long storageBytes) {

        DailyUsage in(YearMonth month) {
            return DailyUsage.of(month.atDay(day), apiRequests, storageBytes);
        }
    }

    public UsageMonth {
        lineage = List.copyOf(lineage);
        days = List.copyOf(days);
    }

    static String idOf(OrgId organisation, String month) {
        return organisation + "/" + month;
    }

    static String textOf(LocalDate day) {
        return day.toString().substring(0, "yyyy-MM".length());
    }

    /** The last month that may be closed at the given time. */
    static YearMonth lastClosable(Instant now) {
        return YearMonth.from(now.minus(GRACE).atZone(ZoneOffset.UTC)).minusMonths(1);
    }

    /** When the given month may be closed. */
    static Instant closableFrom(String month) {
        return YearMonth.parse(month)
                .plusMonths(1)
                .atDay(1)
                .atStartOfDay()
                .toInstant(ZoneOffset.UTC)
                .plus(GRACE);
    }

    /** Derives the month from its days, at least one. */
    static UsageMonth derive(List<UsageDay> days, int version, Instant now) {
        var any = days.get(0);
        return new UsageMonth(
                idOf(any.organisation(), any.month()),
                any.tenant(),
                any.organisation(),
                any.lineage(),
                any.month(),
                days.stream()
                        .sorted(Comparator.comparing(UsageDay::id))
                        .map(UsageDay::figures)
                        .map(UsageMonth::seen)
                        .toList(),
                version,
                days.stream().mapToLong(UsageDay::revision).sum(),
                now);
    }

    private static Day seen(DayFigures day) {
        return new Day(day.day().getDayOfMonth(), day.apiRequests(), day.storageBytes());
    }
}
