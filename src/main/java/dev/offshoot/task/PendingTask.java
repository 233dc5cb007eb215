package dev.offshoot.task;

import java.time.Instant;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * Work that a write leaves for later. It is stored in the document that the write changed, so that a crash can't lose
 * it.
 *
 * @param since when the write left it; the queue runs it at the earliest a minute later
 * @param subject for a cascade the deletion's id; for a member's addition or removal the membership's id; otherwise
 *     null
 */
public record PendingTask(
        ObjectId id, TaskType type, Instant since, @Nullable ObjectId subject) {

    public static PendingTask confirm(Instant since) {
        return new PendingTask(new ObjectId(), TaskType.CONFIRM, since, null);
    }

    public static PendingTask cascade(Instant since, ObjectId deletion) {
        return new PendingTask(new ObjectId(), TaskType.CASCADE, since, deletion);
    }

    public static PendingTask memberAddition(Instant since, ObjectId membership) {
        return new PendingTask(new ObjectId(), TaskType.MEMBER_ADDITION, since, membership);
    }

    public static PendingTask memberRemoval(Instant since, ObjectId membership) {
        return new PendingTask(new ObjectId(), TaskType.MEMBER_REMOVAL, since, membership);
    }
}
