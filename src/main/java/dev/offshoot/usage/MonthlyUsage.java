package dev.offshoot.usage;

import dev.offshoot.scope.OrgId;
import java.time.Instant;
import java.time.YearMonth;

/**
 * What an organisation used in a month, cut in UTC.
 *
 * @param closed whether the figures are the closed month's; otherwise they are its days', added up at that moment
 * @param version how often the month was closed
 * @param complete whether it is closed and nothing waits to be derived
 * @param asOf when the figures were made
 */
public record MonthlyUsage(
        OrgId organisation,
        YearMonth month,
        boolean closed,
        UsageFigures figures,
        int version,
        boolean complete,
        Instant asOf) {}
