package dev.offshoot.usage;

import dev.offshoot.value.OrgId;
import java.time.Instant;
import java.util.List;

/**
 * The usage of an organisation, or of it and everything beneath it, in a month in UTC. Its parts are the organisations
 * that have usage in that month.
 *
 * @param closed whether all figures come from closed months; otherwise at least one part's figures are the sums of its
 *     days at that moment
 * @param version how often the months of all parts were closed, added up
 * @param complete whether every part's month is closed and nothing is waiting to be added to it
 * @param asOf when the figures were made
 * @param daily the days that have usage, in order
 * @param children the organisation itself, then its children in order of their ids; empty unless requested
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
