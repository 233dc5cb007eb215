package dev.offshoot.task;

import dev.offshoot.scope.Located;
import dev.offshoot.scope.Scoped;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Runs the tasks of one kind of records in the order in which they are due, each under a lease. */
abstract class DueTaskHandler<R extends Scoped> implements TaskHandler {
    /** So few that failures are reported soon, though each may take as long as a command may. */
    private static final int BATCH = 50;

    private final DueRepository<R, ?> repository;

    DueTaskHandler(DueRepository<R, ?> repository) {
        this.repository = repository;
    }

    @Override
    public final Uni<BatchResult> runDue(Clock clock) {
        return repository
                .dueTasks(clock.instant(), BATCH)
                .map(this::eachTaskOnce)
                .onItem()
                .transformToMulti(Multi.createFrom()::iterable)
                .onItem()
                .transformToUniAndConcatenate(due -> claimAndRun(due, clock))
                .collect()
                .with(Collectors.reducing(BatchResult.NOTHING, BatchResult::plus));
    }

    /** Leaves out records whose task another record of the batch stands for. */
    Collection<Located<R>> eachTaskOnce(List<Located<R>> due) {
        return due;
    }

    /** Moves the due time to a lease's end. False if another replica did so first, or nothing is pending any more. */
    abstract Uni<Boolean> claim(Located<R> due, Instant now);

    abstract Uni<BatchResult> runClaimed(Located<R> claimed, Clock clock);

    private Uni<BatchResult> claimAndRun(Located<R> due, Clock clock) {
        return claim(due, clock.instant())
                .chain(claimed ->
                        claimed ? runClaimed(due, clock) : Uni.createFrom().item(BatchResult.NOTHING));
    }
}
