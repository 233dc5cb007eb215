package dev.offshoot.task;

import dev.offshoot.scope.Located;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Runs the tasks that writes left in records. What fails waits longer after each attempt, so that it never comes before
 * what can be done.
 */
public abstract class RecordTaskHandler<R extends RecordWithTasks<I>, I> extends DueTaskHandler<R> {
    private final TaskRepository<R, I> repository;

    protected RecordTaskHandler(TaskRepository<R, I> repository) {
        super(repository);
        this.repository = repository;
    }

    /** Runs one task of a record, and completes it. */
    protected abstract Uni<Void> run(Located<R> due, PendingTask task);

    @Override
    final Uni<Boolean> claim(Located<R> due, Instant now) {
        return repository.claim(due, now.plus(PendingTask.LEASE));
    }

    @Override
    public final Uni<List<BacklogEntry>> backlog(int limit) {
        return repository
                .pendingTasks(limit)
                .map(all -> all.stream().flatMap(PendingTasks::backlog).toList());
    }

    /** Runs the tasks whose own time has come; a younger one may still be with its request. */
    @Override
    final Uni<BatchResult> runClaimed(Located<R> claimed, Clock clock) {
        var now = clock.instant();
        return Multi.createFrom()
                .iterable(claimed.record().tasks())
                .filter(task -> !task.firstDueAt().isAfter(now))
                .onItem()
                .transformToUniAndConcatenate(task -> attempt(claimed, task))
                .collect()
                .asList()
                .chain(attempts -> result(claimed, attempts, clock));
    }

    private record Attempt(PendingTask task, Optional<Throwable> cause) {}

    private Uni<Attempt> attempt(Located<R> claimed, PendingTask task) {
        return Uni.createFrom()
                .deferred(() -> run(claimed, task))
                .map(done -> new Attempt(task, Optional.empty()))
                .onFailure()
                .recoverWithItem(cause -> new Attempt(task, Optional.of(cause)));
    }

    private Uni<BatchResult> result(Located<R> claimed, List<Attempt> attempts, Clock clock) {
        var failed =
                attempts.stream().filter(attempt -> attempt.cause().isPresent()).toList();
        if (failed.isEmpty()) {
            return leaveYounger(claimed, clock.instant()).replaceWith(BatchResult.DONE);
        }
        var failures = failed.stream()
                .map(attempt -> new TaskFailure(
                        claimed.record().logName(),
                        attempt.task().type(),
                        attempt.task().pendingSince(),
                        attempt.cause().orElseThrow()))
                .toList();
        var tasks = failed.stream().map(Attempt::task).toList();
        return repository
                .postpone(claimed, tasks, clock.instant().plus(shortestDelay(tasks)))
                .onFailure()
                .recoverWithNull()
                .replaceWith(new BatchResult(failures, true));
    }

    /** Tasks whose own time has not come wait for that, and not only for the end of the lease. */
    private Uni<Void> leaveYounger(Located<R> claimed, Instant now) {
        var younger = claimed.record().tasks().stream()
                .filter(task -> task.firstDueAt().isAfter(now))
                .toList();
        return younger.isEmpty()
                ? Uni.createFrom().voidItem()
                : repository.leaveUntilDue(claimed, younger).onFailure().recoverWithNull();
    }

    private static Duration shortestDelay(List<PendingTask> failed) {
        return failed.stream()
                .map(PendingTask::delayAfterFailure)
                .min(Duration::compareTo)
                .orElseThrow();
    }
}
