package dev.offshoot.usage;

import dev.offshoot.scope.OrgScope;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;

/**
 * Reads what an organisation, or everything from it downwards, used in a month: in three queries when the month is
 * closed and in four when it is not, whatever the number of organisations. Their answers are added up as they arrive.
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
     * The usage of the scope's top organisation, deleted or not. A month without usage is zeros. What may still wait is
     * read before what it would be derived into, so that complete figures are never called so too early; and when no
     * day waited for its month to be closed, the closed months are all there is.
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
