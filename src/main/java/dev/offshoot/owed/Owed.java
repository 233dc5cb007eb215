package dev.offshoot.owed;

import java.time.Instant;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * What a write leaves to be done, standing in the very document that the write changed, so that a crash can't lose it.
 *
 * @param since when it was left; the queue takes it up when it is older than a minute
 * @param subject for a cascade the deletion's id, for a member's coming or going its membership
 */
public record Owed(
        ObjectId id, Kind kind, Instant since, @Nullable ObjectId subject) {

    /** What is to be done. A constant is readable one release before it is written. */
    public enum Kind {
        /** A new record: see whether its whole lineage is live, and delete or remove it if not. */
        SETTLE,
        /** A deleted organisation: delete what lies beneath. */
        CASCADE,
        /** A seat was taken for a new member: see whether the member came, and give the seat back if not. */
        MEMBER_ADDITION,
        /** A member is gone: remove its record. */
        MEMBER_REMOVAL
    }

    public static Owed settle(Instant since) {
        return new Owed(new ObjectId(), Kind.SETTLE, since, null);
    }

    public static Owed cascade(Instant since, ObjectId deletion) {
        return new Owed(new ObjectId(), Kind.CASCADE, since, deletion);
    }

    public static Owed memberAddition(Instant since, ObjectId membership) {
        return new Owed(new ObjectId(), Kind.MEMBER_ADDITION, since, membership);
    }

    public static Owed memberRemoval(Instant since, ObjectId membership) {
        return new Owed(new ObjectId(), Kind.MEMBER_REMOVAL, since, membership);
    }
}
