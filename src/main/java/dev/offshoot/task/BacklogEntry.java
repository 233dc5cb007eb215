package dev.offshoot.task;

import java.time.Instant;

/**
 * One pending task, and how long it has been pending. What is left alone for a day first is pending from then on, and before
 * that from a time to come.
 */
public record BacklogEntry(TaskType type, Instant since) {
    public static BacklogEntry of(PendingTask task) {
        return new BacklogEntry(task.type(), task.firstDueAt().minus(PendingTask.LEASE));
    }
}
