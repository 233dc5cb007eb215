package dev.offshoot.task;

import dev.offshoot.scope.Located;
import dev.offshoot.scope.Scoped;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Runs a feature's background tasks. Every step is idempotent, so that two replicas may run it at the same time. */
public interface TaskHandler {

    /** The name of this handler's job in metrics, traces and the log. */
    String name();

    /** Runs some of the tasks that are due. The queue calls it again while there may be more. */
    Uni<BatchResult> runDue(Clock clock);

    /** The tasks that are pending now, unordered, from at most {@code limit} records. For the operator's metrics. */
    default Uni<List<BacklogEntry>> backlog(int limit) {
        return Uni.createFrom().item(List.of());
    }

    /**
     * Runs one step for each record of a batch. Where a step fails, the others still run.
     *
     * @param since how long the record's task has been pending
     */
    default <R extends Scoped> Uni<BatchResult> runEach(
            TaskType type,
            Collection<Located<R>> batch,
            Function<R, Instant> since,
            Function<Located<R>, Uni<Void>> step) {
        return Multi.createFrom()
                .iterable(batch)
                .onItem()
                .transformToUniAndConcatenate(found -> Uni.createFrom()
                        .deferred(() -> step.apply(found))
                        .replaceWith(BatchResult.DONE)
                        .onFailure()
                        .recoverWithItem(cause -> failed(type, found.record(), since, cause)))
                .collect()
                .with(Collectors.reducing(BatchResult.NOTHING, BatchResult::plus));
    }

    /** The next batch finds the record again, so that a failure alone is no reason for a next batch. */
    private static <R extends Scoped> BatchResult failed(
            TaskType type, R record, Function<R, Instant> since, Throwable cause) {
        var failure = new TaskFailure("org=" + record.owner(), type, since.apply(record), cause);
        return new BatchResult(List.of(failure), false);
    }
}
