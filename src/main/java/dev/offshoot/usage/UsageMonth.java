package dev.offshoot.usage;

import dev.offshoot.scope.Scoped;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.panache.common.MongoEntity;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.bson.codecs.pojo.annotations.BsonId;
import org.bson.codecs.pojo.annotations.BsonProperty;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * A month of an organisation, derived from its days, in a form that a database adds up over many organisations. It follows
 * the days until it is closed. Then it keeps the figures that the closing saw, so that the figures by day and by organisation
 * add up to the month's own, even if a day changes later; that closes the month again.
 *
 * @param id the organisation's id, a slash and the month
 * @param levels the storage levels of the recorded days, each as {@link DaySum#stored}, by names such as {@code d07}
 * @param requests the API requests of the same days
 * @param total the sum of the requests
 * @param version how often the month was closed
 * @param derivation what made these figures; the next one replaces exactly these
 * @param closedAt when the month was last closed; absent until then
 * @param pendingSince from when the month can be closed; absent once it is closed
 * @param taskDueAt when the queue closes it; present as long as {@code pendingSince}
 */
@MongoEntity(collection = "usage_months")
public record UsageMonth(
        @BsonId String id,
        OrgId tenant,
        OrgId organisation,
        List<OrgId> lineage,
        String month,
        Map<String, Decimal128> levels,
        Map<String, Decimal128> requests,
        Decimal128 total,
        int version,
        ObjectId derivation,
        @BsonProperty("closed_at") @Nullable Instant closedAt,
        @BsonProperty("pending_since") @Nullable Instant pendingSince,
        @BsonProperty("task_due_at") @Nullable Instant taskDueAt)
        implements Scoped {

    /** How long after its end in UTC a month is closed, so that the last records can arrive. */
    private static final Duration GRACE = Duration.ofHours(1);

    private static final int MONTH_LENGTH = "yyyy-MM".length();

    public UsageMonth {
        lineage = List.copyOf(lineage);
        levels = Map.copyOf(levels);
        requests = Map.copyOf(requests);
    }

    static String idOf(OrgId organisation, String month) {
        return organisation + "/" + month;
    }

    /** The id of the month of the day with that id. */
    static String idOf(String day) {
        return day.substring(0, day.indexOf('/') + 1 + MONTH_LENGTH);
    }

    /** The month that is part of the id. */
    static String monthOf(String id) {
        return id.substring(id.indexOf('/') + 1);
    }

    static String textOf(LocalDate day) {
        return day.toString().substring(0, MONTH_LENGTH);
    }

    /** The name under which a month stores its day. */
    static String nameOf(LocalDate day) {
        return String.format(Locale.ROOT, "d%02d", day.getDayOfMonth());
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

    /** The month of these days before any of them is included. */
    static UsageMonth empty(UsageDay any) {
        return new UsageMonth(
                idOf(any.organisation(), any.month()),
                any.tenant(),
                any.organisation(),
                any.lineage(),
                any.month(),
                Map.of(),
                Map.of(),
                Decimal128.POSITIVE_ZERO,
                0,
                new ObjectId(),
                null,
                closableFrom(any.month()),
                closableFrom(any.month()));
    }

    /** Includes days of the month as they are now, and closes it if it is over; without a change it stays as it is. */
    UsageMonth with(Collection<DayFigures> days, ObjectId by, Instant now) {
        var newLevels = new HashMap<>(levels);
        var newRequests = new HashMap<>(requests);
        for (var day : days) {
            var name = nameOf(day.day());
            newLevels.put(name, DaySum.stored(day.storageBytes()));
            newRequests.put(name, new Decimal128(day.apiRequests()));
        }
        var closes = !now.isBefore(closableFrom(month));
        if (newLevels.equals(levels) && newRequests.equals(requests) && (isClosed() || !closes)) {
            return this;
        }
        return new UsageMonth(
                id,
                tenant,
                organisation,
                lineage,
                month,
                newLevels,
                newRequests,
                sum(newRequests.values()),
                closes ? version + 1 : version,
                by,
                closes ? now : closedAt,
                closes ? null : pendingSince,
                closes ? null : taskDueAt);
    }

    boolean isClosed() {
        return version > 0;
    }

    /** The recorded days, in order. */
    List<DailyUsage> days() {
        return new TreeMap<>(levels)
                .entrySet().stream()
                        .map(day -> usage(day.getKey(), day.getValue()))
                        .toList();
    }

    private DailyUsage usage(String name, Decimal128 level) {
        var day = YearMonth.parse(month).atDay(Integer.parseInt(name.substring(1)));
        var counted = requests.getOrDefault(name, Decimal128.POSITIVE_ZERO);
        return DaySum.of(level).usage(day, counted.bigDecimalValue().toBigIntegerExact());
    }

    private static Decimal128 sum(Collection<Decimal128> all) {
        return new Decimal128(all.stream().map(Decimal128::bigDecimalValue).reduce(BigDecimal.ZERO, BigDecimal::add));
    }
}
