package dev.offshoot.usage;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The usage of one organisation, or of many together, on one UTC day.
 *
 * @param reportedBytes the storage level, or the sum of the levels; absent if none was reported
 */
public record DailyUsage(
        LocalDate day, BigInteger apiRequests, @Nullable BigInteger reportedBytes) {

    static DailyUsage of(LocalDate day, long apiRequests, @Nullable Long storageBytes) {
        return new DailyUsage(
                day, BigInteger.valueOf(apiRequests), storageBytes == null ? null : BigInteger.valueOf(storageBytes));
    }

    /** The storage level, or the sum of the levels; zero if none was reported. */
    public BigInteger storageBytes() {
        return Objects.requireNonNullElse(reportedBytes, BigInteger.ZERO);
    }

    /** Adds the usage of another organisation on the same day. */
    DailyUsage plus(DailyUsage other) {
        var levels = reportedBytes == null && other.reportedBytes == null
                ? null
                : storageBytes().add(other.storageBytes());
        return new DailyUsage(day, apiRequests.add(other.apiRequests), levels);
    }
}
