package dev.offshoot.usage;

import dev.offshoot.scope.Located;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.task.BacklogEntry;
import dev.offshoot.task.SharedTaskHandler;
import dev.offshoot.task.TaskType;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Closes months. An hour after a month's end in UTC it adds up the month's days, and again whenever a late record or
 * count changes one of them. It first reads the month's version, then the days. It stores the sum only as the next
 * version, and then marks exactly the days that it read.
 */
@Singleton
class MonthClosing extends SharedTaskHandler<UsageDay> {
    private final UsageDayRepository days;
    private final UsageMonthRepository months;
    private final Clock clock;

    MonthClosing(UsageDayRepository days, UsageMonthRepository months, Clock clock) {
        super(TaskType.USAGE_MONTHS, days);
        this.days = days;
        this.months = months;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "close-usage-months";
    }

    @Override
    public Uni<List<BacklogEntry>> backlog(int limit) {
        return days.open(UsageMonth.lastClosable(clock.instant()), limit).map(all -> all.stream()
                .map(day -> new BacklogEntry(TaskType.USAGE_MONTHS, UsageMonth.closableFrom(day.month())))
                .toList());
    }

    @Override
    protected Uni<Void> run(Located<UsageDay> open) {
        var scope = open.scope();
        var day = open.record();
        return months.find(scope, UsageMonth.idOf(day.organisation(), day.month()))
                .chain(read ->
                        days.ofMonth(scope, day.organisation(), day.month()).chain(all -> close(scope, read, all)));
    }

    private Uni<Void> close(OrgScope scope, Optional<UsageMonth> read, List<UsageDay> all) {
        var next = UsageMonth.derive(all, read.map(UsageMonth::version).orElse(0) + 1, clock.instant());
        var seen = read.filter(month -> month.inputs() == next.inputs()).isPresent();
        var stored = seen ? Uni.createFrom().item(true) : months.store(scope, next);
        return stored.chain(
                done -> done ? days.markClosed(scope, all) : Uni.createFrom().voidItem());
    }
}
