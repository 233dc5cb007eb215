package dev.offshoot.usage;

import dev.offshoot.value.OrgId;
import java.time.Instant;
import java.util.List;

/**
 * What an organisation, or everything from it downwards, used in a month, cut in UTC. Its parts are the organisations
 * that have usage in that month.
 *
 * @param closed whether the figures of every part are its closed month's; otherwise those of some part are its days',
 *     added up at that moment
 * @param version how often the months of all parts together were closed
 * @param complete whether every part's month is closed and nothing waits to be derived
 * @param asOf when the figures were made
 * @param daily the days that have usage, in order
 * @param children the organisation itself, then its children in order of their ids; empty unless asked for
 */
public record MonthlyUsage(
        OrgId organisation,
        UsageQuery query,
        boolean closed,
        UsageFigures figures,
        long version,
        boolean complete,
        Instant asOf,
        List<DailyUsage> daily,
        List<ChildUsage> children) {
    public MonthlyUsage {
        daily = List.copyOf(daily);
        children = List.copyOf(children);
    }
}
