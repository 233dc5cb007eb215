package dev.offshoot.task;

import dev.offshoot.task.BatchTaskRepository.DueTask;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * Runs the tasks of many records at once, under one lease. Where a batch fails, each of its records is tried alone, so that
 * one that always fails stops no other.
 */
public abstract class BatchTaskHandler implements TaskHandler {
    private static final int BATCH = 500;

    /** Two replicas that claim in the same millisecond get different leases, and so know their own records. */
    private static final int LEASE_JITTER_MILLIS = 10_000;

    private final TaskType type;
    private final BatchTaskRepository<?> repository;

    protected BatchTaskHandler(TaskType type, BatchTaskRepository<?> repository) {
        this.type = type;
        this.repository = repository;
    }

    /**
     * Runs the tasks of these records as far as they are still due at the end of the lease, and completes them.
     *
     * @param lease the due time that the claim has set
     */
    protected abstract Uni<Void> run(List<String> ids, Instant lease);

    @Override
    public final Uni<BatchResult> runDue(Clock clock) {
        return repository
                .dueBatch(clock.instant(), BATCH)
                .chain(due ->
                        due.isEmpty() ? Uni.createFrom().item(BatchResult.NOTHING) : claimAndRun(due, clock.instant()));
    }

    private Uni<BatchResult> claimAndRun(List<DueTask> due, Instant now) {
        var lease = now.plus(PendingTask.LEASE)
                .plusMillis(ThreadLocalRandom.current().nextInt(LEASE_JITTER_MILLIS));
        return repository
                .claim(ids(due), now, lease)
                .chain(() -> attempt(due, lease))
                .onFailure()
                .recoverWithUni(cause -> eachAlone(due, lease, now));
    }

    private Uni<BatchResult> attempt(List<DueTask> claimed, Instant lease) {
        return Uni.createFrom().deferred(() -> run(ids(claimed), lease)).replaceWith(BatchResult.DONE);
    }

    private Uni<BatchResult> eachAlone(List<DueTask> claimed, Instant lease, Instant now) {
        return Multi.createFrom()
                .iterable(claimed)
                .onItem()
                .transformToUniAndConcatenate(task -> attempt(List.of(task), lease)
                        .onFailure()
                        .recoverWithUni(cause -> failed(task, lease, cause, now)))
                .collect()
                .with(Collectors.reducing(BatchResult.NOTHING, BatchResult::plus));
    }

    private Uni<BatchResult> failed(DueTask task, Instant lease, Throwable cause, Instant now) {
        var attempts = Objects.requireNonNullElse(task.attempts(), 0);
        var failure = new TaskFailure("org=" + task.organisation(), type, task.since(), cause);
        return repository
                .postpone(task.id(), lease, now.plus(PendingTask.delayAfterFailure(attempts)))
                .onFailure()
                .recoverWithNull()
                .replaceWith(new BatchResult(List.of(failure), true));
    }

    private static List<String> ids(List<DueTask> tasks) {
        return tasks.stream().map(DueTask::id).toList();
    }
}
