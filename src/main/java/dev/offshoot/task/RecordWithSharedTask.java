package dev.offshoot.task;

import dev.offshoot.scope.Scoped;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A stored record that waits for a task together with others. All of them have the same owner. */
public interface RecordWithSharedTask extends Scoped {
    /** The same for all records that share the task. */
    String taskKey();

    /** Since when the task has been pending. */
    Instant taskSince();

    /**
     * When the queue looks at the record next: when its task is due, or at the end of the lease of whoever runs it. Null
     * when the task is complete.
     */
    @Nullable
    Instant taskDueAt();

    /** How often the queue tried the task and failed. The stored field is absent until then. */
    @Nullable
    Integer taskAttempts();
}
