package dev.offshoot.task;

import java.time.Instant;

/**
 * A task that failed and is still pending.
 *
 * @param record what the log calls the record that the task is about
 * @param since how long the task has been pending
 */
public record TaskFailure(String record, TaskType type, Instant since, Throwable cause) {}
