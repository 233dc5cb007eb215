package dev.offshoot.usage;

import dev.offshoot.scope.Scoped;
import dev.offshoot.usage.UsageDay.Sums;
import dev.offshoot.value.OrgId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bson.codecs.pojo.annotations.BsonId;
import org.jspecify.annotations.Nullable;

/**
 * The part of a stored day that its figures are made from.
 *
 * @param sums the sums of the day's records
 * @param counts API requests by the counter that counted them
 */
@RegisterForReflection
public record DayFigures(
        @BsonId String id,
        List<OrgId> lineage,
        @Nullable Sums sums,
        @Nullable Map<String, Long> counts) implements Scoped {
    public DayFigures {
        lineage = List.copyOf(lineage);
    }

    /**
     * The reported and counted API requests together: never below zero, never above {@link ReportedUsage#MAX_FIGURE}.
     */
    long apiRequests() {
        var counted = known(counts).values().stream()
                .map(BigInteger::valueOf)
                .reduce(new BigInteger(known(sums).requests()), BigInteger::add);
        return bounded(counted);
    }

    /** The storage level in bytes, with the same bounds; absent if no record reported one. */
    @Nullable
    Long storageBytes() {
        var largest = known(sums).largest();
        var corrections = known(sums).corrections();
        if (largest == null && corrections == null) {
            return null;
        }
        var level = BigInteger.valueOf(Objects.requireNonNullElse(largest, 0L));
        return bounded(level.add(new BigInteger(Objects.requireNonNullElse(corrections, "0"))));
    }

    LocalDate day() {
        return LocalDate.parse(id.substring(id.indexOf('/') + 1));
    }

    DailyUsage usage() {
        return DailyUsage.of(day(), apiRequests(), storageBytes());
    }

    private static Sums known(@Nullable Sums sums) {
        return Objects.requireNonNullElse(sums, Sums.NONE);
    }

    private static Map<String, Long> known(@Nullable Map<String, Long> counts) {
        return Objects.requireNonNullElse(counts, Map.of());
    }

    private static long bounded(BigInteger sum) {
        return sum.max(BigInteger.ZERO)
                .min(BigInteger.valueOf(ReportedUsage.MAX_FIGURE))
                .longValueExact();
    }
}
