package dev.offshoot.usage;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was used on a UTC day, by one organisation or by many together.
 *
 * @param reportedBytes the level, or the sum of the levels; absent when nobody reported one
 */
public record DailyUsage(
        LocalDate day, BigInteger apiRequests, @Nullable BigInteger reportedBytes) {

    static DailyUsage of(LocalDate day, long apiRequests, @Nullable Long storageBytes) {
        return new DailyUsage(
                day, BigInteger.valueOf(apiRequests), storageBytes == null ? null : BigInteger.valueOf(storageBytes));
    }

    /** The level, or the sum of the levels; zero when nobody reported one. */
    public BigInteger storageBytes() {
        return Objects.requireNonNullElse(reportedBytes, BigInteger.ZERO);
    }

    /** Both organisations together, on the same day. */
    DailyUsage plus(DailyUsage other) {
        var levels = reportedBytes == null && other.reportedBytes == null
                ? null
                : storageBytes().add(other.storageBytes());
        return new DailyUsage(day, apiRequests.add(other.apiRequests), levels);
    }
}
