package dev.offshoot.task;

import dev.offshoot.scope.Located;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Runs tasks that several records share. What fails waits longer after each attempt. */
public abstract class SharedTaskHandler<R extends RecordWithSharedTask> extends DueTaskHandler<R> {
    private final TaskType type;
    private final SharedTaskRepository<R, ?> repository;

    protected SharedTaskHandler(TaskType type, SharedTaskRepository<R, ?> repository) {
        super(repository);
        this.type = type;
        this.repository = repository;
    }

    /** Runs the task of a record, and completes it for all records that it covers. */
    protected abstract Uni<Void> run(Located<R> due);

    @Override
    final Collection<Located<R>> eachTaskOnce(List<Located<R>> due) {
        return due.stream()
                .collect(Collectors.toMap(
                        each -> each.record().taskKey(), Function.identity(), (one, other) -> one, LinkedHashMap::new))
                .values();
    }

    @Override
    final Uni<Boolean> claim(Located<R> due, Instant now) {
        return repository.claim(due, now);
    }

    @Override
    final Uni<BatchResult> runClaimed(Located<R> claimed, Clock clock) {
        return Uni.createFrom()
                .deferred(() -> run(claimed))
                .replaceWith(BatchResult.DONE)
                .onFailure()
                .recoverWithUni(cause -> failed(claimed, cause, clock.instant()));
    }

    private Uni<BatchResult> failed(Located<R> claimed, Throwable cause, Instant now) {
        var record = claimed.record();
        var attempts = Objects.requireNonNullElse(record.taskAttempts(), 0);
        var failure = new TaskFailure("org=" + record.owner(), type, record.taskSince(), cause);
        return repository
                .postpone(claimed, now, now.plus(PendingTask.delayAfterFailure(attempts)))
                .onFailure()
                .recoverWithNull()
                .replaceWith(new BatchResult(List.of(failure), true));
    }
}
