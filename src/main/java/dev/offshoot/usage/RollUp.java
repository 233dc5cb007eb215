package dev.offshoot.usage;

import dev.offshoot.failure.Failure;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.usage.UsageQuery.Breakdown;
import dev.offshoot.value.OrgId;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Adds the parts of a month together. Every organisation is in one part. Not thread-safe. */
final class RollUp {
    /** The most rows of a breakdown by children. */
    static final int MOST_ROWS = 1000;

    private final OrgScope tree;
    private final UsageQuery query;
    private final Total whole = new Total();
    private final SortedMap<OrgId, Total> rows = new TreeMap<>();
    private long organisations;
    private long closed;
    private long version;
    private @Nullable Instant closedAt;

    RollUp(OrgScope tree, UsageQuery query) {
        this.tree = tree;
        this.query = query;
    }

    /** What days and requests come to, in one row. */
    private static final class Total {
        private BigInteger apiRequests = BigInteger.ZERO;
        private final SortedMap<LocalDate, DailyUsage> days = new TreeMap<>();

        void add(MonthSum part) {
            apiRequests = apiRequests.add(part.apiRequests());
            part.days().forEach(day -> days.merge(day.day(), day, DailyUsage::plus));
        }

        UsageFigures figures() {
            return UsageFigures.of(apiRequests, days.values());
        }
    }

    /**
     * Adds a part. Fails with {@link Failure.RollUpTooLarge} if there are too many organisations or rows.
     */
    void add(MonthSum part) {
        organisations += part.organisations();
        closed += part.closed();
        version += part.version();
        closedAt = later(closedAt, part.closedAt());
        whole.add(part);
        if (query.breakdown() == Breakdown.CHILDREN) {
            rows.computeIfAbsent(Objects.requireNonNullElse(part.child(), tree.root()), row -> new Total())
                    .add(part);
            rows.computeIfAbsent(tree.root(), row -> new Total());
        }
        require(
                organisations <= DaySum.MOST_ORGANISATIONS,
                Failure.RollUpPart.ORGANISATIONS,
                DaySum.MOST_ORGANISATIONS);
        require(rows.size() <= MOST_ROWS, Failure.RollUpPart.CHILDREN, MOST_ROWS);
    }

    /**
     * @param isComplete whether nothing waits to be added
     * @param asOf the time from which on a change of an open month may be missing
     */
    MonthlyUsage result(boolean isComplete, Instant asOf) {
        var monthly = closedAt != null && closed == organisations;
        return new MonthlyUsage(
                tree.root(),
                query,
                monthly,
                whole.figures(),
                version,
                monthly && isComplete,
                monthly && closedAt != null ? closedAt : asOf,
                List.copyOf(whole.days.values()),
                query.breakdown() == Breakdown.CHILDREN ? children() : List.of());
    }

    private List<ChildUsage> children() {
        var children = new ArrayList<ChildUsage>();
        var own = rows.remove(tree.root());
        children.add(new ChildUsage(tree.root(), own == null ? new Total().figures() : own.figures()));
        rows.forEach((child, total) -> children.add(new ChildUsage(child, total.figures())));
        return children;
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        return one == null || (other != null && one.isBefore(other)) ? other : one;
    }

    private static void require(boolean isMet, Failure.RollUpPart part, int limit) {
        if (!isMet) {
            throw new Failure.RollUpTooLarge(part, limit).asException();
        }
    }
}
