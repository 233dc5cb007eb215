package dev.offshoot.usage;

import dev.offshoot.scope.OrgScope;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;

/**
 * Reads the usage of an organisation, or of it and everything beneath it, in a month. It takes three queries if no day
 * is waiting for the month to be closed, otherwise four, for any number of organisations. The results are added up as
 * they arrive.
 */
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
     * Reads the usage of the scope's top organisation, which may be deleted. A month without usage has zeros. What may
     * be pending is read before what it would be derived into, so that figures are never called complete too early. If
     * no day was waiting for its month to be closed, the closed months hold everything.
     */
    public Uni<MonthlyUsage> month(OrgScope organisation, UsageQuery query) {
        return records.anyUnderived(organisation, query)
                .chain(underived -> begin(organisation, query, underived))
                .chain(this::addMonths)
                .chain(this::addDays)
                .map(sums -> sums.result(clock.instant()));
    }

    private Uni<RollUp> begin(OrgScope organisation, UsageQuery query, boolean underived) {
        return days.anyOpen(organisation, query).map(open -> new RollUp(organisation, query, underived, open));
    }

    private Uni<RollUp> addMonths(RollUp sums) {
        return months.each(sums.tree(), sums.query()).collect().in(() -> sums, RollUp::add);
    }

    private Uni<RollUp> addDays(RollUp sums) {
        return sums.needsDays()
                ? days.each(sums.tree(), sums.query()).collect().in(() -> sums, RollUp::add)
                : Uni.createFrom().item(sums);
    }
}
