package dev.offshoot.task;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Runs a feature's background tasks. Every step is idempotent, so that two replicas may run it at the same time. */
public interface TaskHandler {

    /** The name of this handler's job in metrics, traces and the log. */
    String name();

    /**
     * Runs some of the tasks that have been pending since then or longer. The queue calls it again until it completes
     * no more.
     */
    Uni<BatchResult> runDue(Instant dueBy);

    /** The tasks that are pending now, unordered, from at most {@code limit} records. For the operator's metrics. */
    default Uni<List<BacklogEntry>> backlog(int limit) {
        return Uni.createFrom().item(List.of());
    }

    /** Runs one step for each item of a batch. A failed step is logged, and the others still run. */
    default <T> Uni<BatchResult> runEach(Collection<T> items, Function<T, Uni<Void>> step) {
        return Multi.createFrom()
                .iterable(items)
                .onItem()
                .transformToUniAndConcatenate(item -> run(item, step))
                .collect()
                .with(Collectors.reducing(BatchResult.NOTHING, BatchResult::plus));
    }

    private <T> Uni<BatchResult> run(T item, Function<T, Uni<Void>> step) {
        return Uni.createFrom()
                .deferred(() -> step.apply(item))
                .replaceWith(BatchResult.ONE)
                .onFailure()
                .invoke(failure -> TaskQueue.logFailure(name(), failure))
                .onFailure()
                .recoverWithItem(BatchResult.ONE_FAILURE);
    }
}
