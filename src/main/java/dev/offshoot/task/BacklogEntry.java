package dev.offshoot.task;

import java.time.Instant;

/** One pending task, and since when it has been pending; what is left alone first, since a time to come. */
public record BacklogEntry(TaskType type, Instant since) {
    public static BacklogEntry of(PendingTask task) {
        return new BacklogEntry(task.type(), task.pendingSince());
    }
}
