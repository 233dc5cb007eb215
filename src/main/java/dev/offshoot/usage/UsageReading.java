package dev.offshoot.usage;

import dev.offshoot.scope.OrgId;
import dev.offshoot.scope.OrgScope;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;

/** Reads what an organisation used in a month, in three commands. */
@Singleton
public class UsageReading {
    private final UsageRecordRepository records;
    private final UsageDayRepository days;
    private final UsageMonthRepository months;
    private final Clock clock;

    UsageReading(UsageRecordRepository records, UsageDayRepository days, UsageMonthRepository months, Clock clock) {
        this.records = records;
        this.days = days;
        this.months = months;
        this.clock = clock;
    }

    /**
     * A month without records is zeros. The organisation is one that the caller has found in the scope. What may still
     * wait is read before what it would be derived into, so that complete figures are never called so too early.
     */
    public Uni<MonthlyUsage> month(OrgScope scope, OrgId organisation, YearMonth month) {
        var text = month.toString();
        return records.anyUnderived(scope, organisation, month)
                .chain(underived -> days.ofMonth(scope, organisation, text)
                        .chain(daily -> months.find(scope, UsageMonth.idOf(organisation, text))
                                .map(monthly -> read(organisation, month, underived, daily, monthly))));
    }

    private MonthlyUsage read(
            OrgId organisation,
            YearMonth month,
            boolean underived,
            List<UsageDay> daily,
            Optional<UsageMonth> monthly) {
        if (monthly.isEmpty()) {
            return new MonthlyUsage(organisation, month, false, UsageFigures.of(daily), 0, false, clock.instant());
        }
        var closed = monthly.get();
        var waiting = underived || daily.stream().anyMatch(day -> day.openMonth() != null);
        return new MonthlyUsage(
                organisation, month, true, closed.figures(), closed.version(), !waiting, closed.closedAt());
    }
}
