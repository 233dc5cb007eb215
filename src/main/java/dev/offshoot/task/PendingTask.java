package dev.offshoot.task;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * Work that a write leaves for later. It is stored in the document that the write changed, so that a crash can't lose
 * it.
 *
 * @param since when the write left it
 * @param subject for a cascade the deletion's id; for a member's addition or removal the membership's id; for an
 *     answer the change's id; otherwise null
 * @param attempts how often the queue tried it and failed
 */
public record PendingTask(
        ObjectId id, TaskType type, Instant since, @Nullable ObjectId subject, int attempts) {
    /** How long a task is left to the request that created it, or to the replica that claimed it. */
    public static final Duration LEASE = Duration.ofMinutes(1);

    /** How long a request may be repeated. The contract promises it to clients. */
    public static final Duration REPEATABLE = Duration.ofHours(24);

    private static final Duration LONGEST_DELAY = Duration.ofHours(1);
    private static final int MAX_DOUBLINGS = 6;

    private PendingTask(TaskType type, Instant since, @Nullable ObjectId subject) {
        this(new ObjectId(), type, since, subject, 0);
    }

    public static PendingTask confirm(Instant since) {
        return new PendingTask(TaskType.CONFIRM, since, null);
    }

    public static PendingTask cascade(Instant since, ObjectId deletion) {
        return new PendingTask(TaskType.CASCADE, since, deletion);
    }

    public static PendingTask memberAddition(Instant since, ObjectId membership) {
        return new PendingTask(TaskType.MEMBER_ADDITION, since, membership);
    }

    public static PendingTask memberRemoval(Instant since, ObjectId membership) {
        return new PendingTask(TaskType.MEMBER_REMOVAL, since, membership);
    }

    public static PendingTask answer(Instant since, ObjectId change) {
        return new PendingTask(TaskType.ANSWER, since, change);
    }

    /** When the queue may run it first. */
    public Instant firstDueAt() {
        return since.plus(type == TaskType.ANSWER ? REPEATABLE : LEASE);
    }

    /** Since when it waits for somebody: what is left alone for a day first does so from then on. */
    Instant pendingSince() {
        return firstDueAt().minus(LEASE);
    }

    /** When the first of new tasks is due; null if there are none. */
    public static @Nullable Instant firstDueAt(List<PendingTask> tasks) {
        return tasks.stream()
                .map(PendingTask::firstDueAt)
                .min(Instant::compareTo)
                .orElse(null);
    }

    /** How long the task waits after one more failure. */
    Duration delayAfterFailure() {
        return delayAfterFailure(attempts);
    }

    /**
     * How long a task waits after one more failure: a minute, then twice as long each time, up to an hour.
     *
     * @param attempts how often it failed before
     */
    static Duration delayAfterFailure(int attempts) {
        var doubled = LEASE.multipliedBy(1L << Math.min(attempts, MAX_DOUBLINGS));
        return doubled.compareTo(LONGEST_DELAY) < 0 ? doubled : LONGEST_DELAY;
    }
}
