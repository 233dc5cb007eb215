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

/**
 * Closes months an hour after their end in UTC, those of many organisations together. A month already has its figures; from
 * then on it keeps them, until {@link MonthDerivation} closes it again.
 */
@Singleton
@Priority(MonthDerivation.BEFORE_CLOSINGS - 1)
class MonthClosing extends BatchTaskHandler {
    private final UsageMonthRepository months;
    private final Clock clock;

    MonthClosing(UsageMonthRepository months, Clock clock) {
        super(TaskType.USAGE_CLOSINGS, months);
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
        return months.close(ids, lease, clock.instant());
    }
}
