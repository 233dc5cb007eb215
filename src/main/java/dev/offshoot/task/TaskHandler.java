package dev.offshoot.task;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A feature's background tasks. Every step is idempotent, so that two replicas may take it at once. */
public interface TaskHandler {

    /** Its name as a job, in metrics, traces and the log. */
    String name();

    /** Does some of the tasks that have been pending since then or longer. It is asked again until it did nothing more. */
    Uni<BatchResult> runDue(Instant dueBy);

    /** What is pending now, in no order, of at most {@code limit} records. For the operator's figures. */
    default Uni<List<BacklogEntry>> backlog(int limit) {
        return Uni.createFrom().item(List.of());
    }

    /** One step for each item of a batch; one that fails is logged, and the others are taken all the same. */
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
