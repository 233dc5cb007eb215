package dev.offshoot.task;

import dev.offshoot.task.BatchTaskRepository.DueTask;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Runs the tasks of many records at once, under one lease. Where a batch fails, its halves are tried, down to single records,
 * so that one that always fails stops no other.
 */
public abstract class BatchTaskHandler implements TaskHandler {
    private static final int BATCH = 200;

    /** Of so many that are due, a replica takes any: others that look at the same moment take mostly other ones. */
    private static final int CHOICE = 4 * BATCH;

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
                .dueBatch(clock.instant(), CHOICE)
                .map(BatchTaskHandler::anyOf)
                .chain(due -> due.isEmpty() ? Uni.createFrom().item(BatchResult.NOTHING) : claimAndRun(due, clock));
    }

    private static List<DueTask> anyOf(List<DueTask> due) {
        var shuffled = new ArrayList<>(due);
        Collections.shuffle(shuffled);
        return shuffled.subList(0, Math.min(BATCH, shuffled.size()));
    }

    /** Another replica may have claimed some of them, or all. */
    private Uni<BatchResult> claimAndRun(List<DueTask> due, Clock clock) {
        var now = clock.instant();
        var lease = now.plus(PendingTask.LEASE)
                .plusMillis(ThreadLocalRandom.current().nextInt(LEASE_JITTER_MILLIS));
        return repository
                .claim(ids(due), now, lease)
                .chain(claimed ->
                        claimed == 0 ? Uni.createFrom().item(BatchResult.DONE) : runClaimed(due, lease, clock));
    }

    private Uni<BatchResult> runClaimed(List<DueTask> claimed, Instant lease, Clock clock) {
        return Uni.createFrom()
                .deferred(() -> run(ids(claimed), lease))
                .replaceWith(BatchResult.DONE)
                .onFailure()
                .recoverWithUni(cause -> claimed.size() == 1
                        ? failed(claimed.get(0), lease, cause, clock.instant())
                        : halves(claimed, lease, clock));
    }

    private Uni<BatchResult> halves(List<DueTask> claimed, Instant lease, Clock clock) {
        var middle = claimed.size() / 2;
        return runClaimed(claimed.subList(0, middle), lease, clock)
                .chain(first -> runClaimed(claimed.subList(middle, claimed.size()), lease, clock)
                        .map(first::plus));
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
