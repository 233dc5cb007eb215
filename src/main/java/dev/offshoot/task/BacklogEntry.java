package dev.offshoot.task;

import java.time.Instant;

/** One pending task, and how long it has been pending. */
public record BacklogEntry(TaskType type, Instant since) {
    public static BacklogEntry of(PendingTask task) {
        return new BacklogEntry(task.type(), task.since());
    }
}
