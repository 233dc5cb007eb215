package dev.offshoot.task;

import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.util.List;

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
}
