package dev.offshoot.task;

/** How many tasks of a batch were completed, and how many failed and are still pending. */
public record BatchResult(int done, int failed) {
    /** Nothing is due, or nothing can be done now. */
    public static final BatchResult NOTHING = new BatchResult(0, 0);

    static final BatchResult ONE = new BatchResult(1, 0);
    static final BatchResult ONE_FAILURE = new BatchResult(0, 1);

    BatchResult plus(BatchResult other) {
        return new BatchResult(done + other.done, failed + other.failed);
    }
}
