package dev.offshoot.usage;

import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Scoped;
import dev.offshoot.usage.UsageQuery.Breakdown;
import dev.offshoot.value.OrgId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the parts of a month as they are read. Closed months come first; days that belong to a closed month are then
 * ignored. So every part counts once, with the same figures as on its own. Not thread-safe.
 */
final class RollUp {
    private final OrgScope tree;
    private final UsageQuery query;
    private final boolean underived;
    private final boolean open;
    private final SortedMap<LocalDate, DailyUsage> whole = new TreeMap<>();
    private final SortedMap<OrgId, SortedMap<LocalDate, DailyUsage>> rows = new TreeMap<>();
    private final Set<OrgId> closed = new HashSet<>();
    private boolean anyDayCounts;
    private long version;
    private @Nullable Instant closedAt;

    /**
     * @param underived whether a record is waiting to be derived
     * @param open whether a day is waiting for its month to be closed; otherwise the closed months hold everything
     */
    RollUp(OrgScope tree, UsageQuery query, boolean underived, boolean open) {
        this.tree = tree;
        this.query = query;
        this.underived = underived;
        this.open = open;
    }

    OrgScope tree() {
        return tree;
    }

    UsageQuery query() {
        return query;
    }

    boolean needsDays() {
        return open;
    }

    void add(UsageMonth month) {
        month.days().forEach(day -> add(month, day.in(query.month())));
        version += month.version();
        closedAt = closedAt == null || closedAt.isBefore(month.closedAt()) ? month.closedAt() : closedAt;
        if (open) {
            closed.add(month.owner());
        }
    }

    void add(DayFigures day) {
        if (!closed.contains(day.owner())) {
            anyDayCounts = true;
            add(day, day.usage());
        }
    }

    MonthlyUsage result(Instant now) {
        var monthly = closedAt != null && !anyDayCounts;
        return new MonthlyUsage(
                tree.root(),
                query,
                monthly,
                UsageFigures.of(whole.values()),
                version,
                monthly && !underived && !open,
                monthly && closedAt != null ? closedAt : now,
                List.copyOf(whole.values()),
                query.breakdown() == Breakdown.CHILDREN ? children() : List.of());
    }

    private void add(Scoped part, DailyUsage usage) {
        whole.merge(usage.day(), usage, DailyUsage::plus);
        if (query.breakdown() == Breakdown.CHILDREN) {
            rows.computeIfAbsent(row(part), row -> new TreeMap<>()).merge(usage.day(), usage, DailyUsage::plus);
        }
    }

    /**
     * The tree's top for itself; otherwise the child of the top that the part is in or beneath. Both lineages end with
     * the same ids, so the position counts from the end.
     */
    private OrgId row(Scoped part) {
        var child = part.lineage().size() - tree.lineage().size() - 1;
        return child < 0 ? tree.root() : part.lineage().get(child);
    }

    private List<ChildUsage> children() {
        var children = new ArrayList<ChildUsage>();
        var own = rows.remove(tree.root());
        children.add(row(tree.root(), own == null ? List.of() : own.values()));
        rows.forEach((child, days) -> children.add(row(child, days.values())));
        return children;
    }

    private static ChildUsage row(OrgId organisation, Collection<DailyUsage> days) {
        return new ChildUsage(organisation, UsageFigures.of(days));
    }
}
