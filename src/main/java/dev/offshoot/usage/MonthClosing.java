package dev.offshoot.usage;

import dev.offshoot.task.BacklogEntry;
import dev.offshoot.task.BatchTaskHandler;
import dev.offshoot.task.TaskType;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Closes months an hour after their end in UTC, those of many organisations together. A month already has its figures; from
 * then on it keeps them, until {@link MonthDerivation} closes it again. A month that lacks a change of one of its days is left
 * to the derivation, which closes it with that change, so that no figure goes down.
 */
@Singleton
@Priority(MonthDerivation.BEFORE_CLOSINGS - 1)
class MonthClosing extends BatchTaskHandler {
    /** So many days of past months seldom wait. If more do, closing waits until they are included. */
    private static final int MOST_PENDING = 5000;

    private final UsageDayRepository days;
    private final UsageMonthRepository months;
    private final Clock clock;

    MonthClosing(UsageDayRepository days, UsageMonthRepository months, Clock clock) {
        super(TaskType.USAGE_CLOSINGS, months);
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
        return months.backlog(clock.instant(), limit);
    }

    @Override
    protected Uni<Void> run(List<String> ids, Instant lease) {
        var texts = ids.stream().map(UsageMonth::monthOf).collect(Collectors.toSet());
        return days.pendingOf(texts, MOST_PENDING).chain(pending -> {
            var lacking = pending.stream().map(day -> UsageMonth.idOf(day.id())).collect(Collectors.toSet());
            var whole = ids.stream().filter(id -> !lacking.contains(id)).toList();
            return pending.size() == MOST_PENDING || whole.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : months.close(whole, lease, clock.instant());
        });
    }
}
