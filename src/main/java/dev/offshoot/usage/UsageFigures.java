package dev.offshoot.usage;

import java.math.BigInteger;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * The totals of a month's days. The sums are exact at any size.
 *
 * @param apiRequests the sum of the days' counts
 * @param byteDays the sum of the days' levels
 * @param peakBytes the largest of the days' levels
 * @param latestBytes the level of the last day that has one
 * @param daysRecorded how many days have a record or a count
 */
public record UsageFigures(
        BigInteger apiRequests, BigInteger byteDays, BigInteger peakBytes, BigInteger latestBytes, int daysRecorded) {

    /** Adds up the days of one month, which have to be in order; only their levels are read. */
    static UsageFigures of(BigInteger apiRequests, Collection<DailyUsage> days) {
        var levels = days.stream()
                .map(DailyUsage::reportedBytes)
                .filter(Objects::nonNull)
                .toList();
        return new UsageFigures(
                apiRequests,
                sum(levels),
                levels.stream().max(Comparator.naturalOrder()).orElse(BigInteger.ZERO),
                levels.isEmpty() ? BigInteger.ZERO : levels.get(levels.size() - 1),
                days.size());
    }

    /** The mean level of the recorded days, rounded down. A recorded day without a level counts as zero. */
    public BigInteger averageBytes() {
        return daysRecorded == 0 ? BigInteger.ZERO : byteDays.divide(BigInteger.valueOf(daysRecorded));
    }

    private static BigInteger sum(List<BigInteger> all) {
        return all.stream().reduce(BigInteger.ZERO, BigInteger::add);
    }
}
