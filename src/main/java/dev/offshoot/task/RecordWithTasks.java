package dev.offshoot.task;

import dev.offshoot.scope.Scoped;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stored record in which writes leave tasks. */
public interface RecordWithTasks<I> extends Scoped {
    I id();

    /** The pending tasks. The stored field is absent when there are none. */
    List<PendingTask> tasks();

    /**
     * When the queue looks at the record next: the earliest time of its tasks, or the end of the lease of whoever runs
     * them. Null when there are none.
     */
    @Nullable
    Instant taskDueAt();

    /** The pending tasks of one type. */
    default List<PendingTask> tasks(TaskType type) {
        return tasks().stream().filter(task -> task.type() == type).toList();
    }

    /** What changes left whose answers may not be kept yet, each under the id of its change. None, in most records. */
    default List<?> changesLeft() {
        return List.of();
    }

    /** What the log calls the record. */
    default String logName() {
        return "org=" + owner();
    }
}
