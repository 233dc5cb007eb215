package dev.offshoot.usage;

import dev.offshoot.scope.Located;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.task.BacklogEntry;
import dev.offshoot.task.BatchResult;
import dev.offshoot.task.TaskHandler;
import dev.offshoot.task.TaskType;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Closes months. An hour after a month's end in UTC it adds up the month's days, and again whenever a late record or
 * count changes one of them. It first reads the month's version, then the days. It stores the sum only as the next
 * version, and then marks exactly the days that it read.
 */
@Singleton
class MonthClosing implements TaskHandler {
    private static final int BATCH = 500;

    private final UsageDayRepository days;
    private final UsageMonthRepository months;
    private final Clock clock;

    MonthClosing(UsageDayRepository days, UsageMonthRepository months, Clock clock) {
        this.days = days;
        this.months = months;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "close-usage-months";
    }

    /** A month is due by its own end, not by how long its days have been pending. */
    @Override
    public Uni<BatchResult> runDue(Clock at) {
        return days.toClose(UsageMonth.lastClosable(clock.instant()), BATCH)
                .chain(open ->
                        runEach(TaskType.USAGE_MONTHS, oneOfEachMonth(open), MonthClosing::pendingSince, this::close));
    }

    /** Days count as pending from the time when their month could be closed. */
    @Override
    public Uni<List<BacklogEntry>> backlog(int limit) {
        return days.open(UsageMonth.lastClosable(clock.instant()), limit).map(all -> all.stream()
                .map(day ->
                        new BacklogEntry(TaskType.USAGE_MONTHS, UsageMonth.closableFrom(YearMonth.parse(day.month()))))
                .toList());
    }

    private static Instant pendingSince(UsageDay day) {
        return UsageMonth.closableFrom(YearMonth.parse(day.month()));
    }

    private static Collection<Located<UsageDay>> oneOfEachMonth(List<Located<UsageDay>> open) {
        return open.stream()
                .collect(Collectors.toMap(
                        day -> UsageMonth.idOf(
                                day.record().organisation(), day.record().month()),
                        Function.identity(),
                        (one, other) -> one))
                .values();
    }

    private Uni<Void> close(Located<UsageDay> open) {
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
