package dev.offshoot.task;

import java.util.List;
import java.util.stream.Stream;

/**
 * What became of a batch of tasks.
 *
 * @param failures the tasks that failed and are still pending
 * @param mayHaveMore whether another batch may do more now
 */
public record BatchResult(List<TaskFailure> failures, boolean mayHaveMore) {
    /** Nothing is due, or nothing can be done now. */
    public static final BatchResult NOTHING = new BatchResult(List.of(), false);

    /** Tasks are completed. */
    static final BatchResult DONE = new BatchResult(List.of(), true);

    public BatchResult {
        failures = List.copyOf(failures);
    }

    BatchResult plus(BatchResult other) {
        return new BatchResult(
                Stream.concat(failures.stream(), other.failures.stream()).toList(), mayHaveMore || other.mayHaveMore);
    }
}
