package dev.offshoot.usage;

import dev.offshoot.scope.Located;
import dev.offshoot.task.BacklogEntry;
import dev.offshoot.task.BatchTaskHandler;
import dev.offshoot.task.TaskType;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bson.types.ObjectId;

/**
 * Includes changed days in their months: those of many organisations together, and each at most once a minute while its month
 * goes on. It reads the months first and then the days. It stores a month only in the place of the one that it read, and then
 * marks exactly the days that it read. So a month never goes back to an older figure, and no change is left out. A change
 * after the month's end closes the month, for the first time or again.
 */
@Singleton
@Priority(MonthDerivation.BEFORE_CLOSINGS)
class MonthDerivation extends BatchTaskHandler {
    static final int BEFORE_CLOSINGS = DayDerivation.BEFORE_MONTHS - 1;

    private final UsageDayRepository days;
    private final UsageMonthRepository months;
    private final Clock clock;

    MonthDerivation(UsageDayRepository days, UsageMonthRepository months, Clock clock) {
        super(TaskType.USAGE_MONTHS, days);
        this.days = days;
        this.months = months;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "derive-usage-months";
    }

    @Override
    public Uni<List<BacklogEntry>> backlog(int limit) {
        return days.backlog(limit);
    }

    @Override
    protected Uni<Void> run(List<String> ids, Instant lease) {
        var monthIds = ids.stream().map(UsageMonth::idOf).collect(Collectors.toSet());
        return months.anyByIds(monthIds)
                .chain(read -> days.claimed(ids, lease).map(claimed -> derive(read, claimed)))
                .chain(this::store);
    }

    private List<DerivedMonth> derive(List<UsageMonth> read, List<Located<UsageDay>> claimed) {
        var by = new ObjectId();
        var now = clock.instant();
        var known = read.stream().collect(Collectors.toMap(UsageMonth::id, Function.identity()));
        return claimed.stream()
                .collect(Collectors.groupingBy(
                        day -> UsageMonth.idOf(day.record().id())))
                .entrySet()
                .stream()
                .map(month -> DerivedMonth.of(known.get(month.getKey()), month.getValue(), by, now))
                .toList();
    }

    private Uni<Void> store(List<DerivedMonth> derived) {
        var changed = derived.stream().filter(DerivedMonth::isChanged).toList();
        return months.storeEach(changed)
                .chain(stored -> days.markIncluded(derived.stream()
                        .filter(month -> !month.isChanged()
                                || stored.contains(month.next().id()))
                        .flatMap(month -> month.days().stream())
                        .toList()));
    }
}
