package dev.offshoot.usage;

import dev.offshoot.value.OrgId;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The month of one organisation, or of many together.
 *
 * @param child the child that all of them are in or beneath, if they are added up by children; null for the requested
 *     organisation itself
 * @param organisations how many they are
 * @param closed how many of them have closed the month
 * @param version how often they closed it, added up
 * @param closedAt when one of them closed it last; null if none did
 * @param days the days that have usage, in order; without their requests unless these were asked for
 */
record MonthSum(
        @Nullable OrgId child,
        long organisations,
        long closed,
        long version,
        @Nullable Instant closedAt,
        BigInteger apiRequests,
        List<DailyUsage> days) {
    static final MonthSum NONE = new MonthSum(null, 0, 0, 0, null, BigInteger.ZERO, List.of());

    MonthSum {
        days = List.copyOf(days);
    }

    static MonthSum of(@Nullable OrgId child, UsageMonth month) {
        var days = month.days();
        return new MonthSum(
                child, 1, month.isClosed() ? 1 : 0, month.version(), month.closedAt(), requests(days), days);
    }

    /** A month that nobody has closed, of the given days of one organisation. */
    static MonthSum open(@Nullable OrgId child, Collection<DailyUsage> days) {
        return days.isEmpty() ? NONE : new MonthSum(child, 1, 0, 0, null, requests(days), List.copyOf(days));
    }

    private static BigInteger requests(Collection<DailyUsage> days) {
        return days.stream().map(DailyUsage::apiRequests).reduce(BigInteger.ZERO, BigInteger::add);
    }
}
