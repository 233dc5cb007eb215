package dev.offshoot.owed;

import java.time.Instant;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * What a write leaves to be done, standing in the very document that the write changed, so that a crash can't lose it.
 *
 * @param since when it was left; the queue takes it up when it is older than a minute
 * @param deletion for a cascade, the deletion's id
 */
public record Owed(
        ObjectId id, Kind kind, Instant since, @Nullable ObjectId deletion) {

    /** What is to be done. A constant is readable one release before it is written. */
    public enum Kind {
        /** A new record: see whether its whole lineage is live, and delete or remove it if not. */
        SETTLE,
        /** A deleted organisation: delete what lies beneath. */
        CASCADE
    }

    public static Owed settle(Instant since) {
        return new Owed(new ObjectId(), Kind.SETTLE, since, null);
    }

    public static Owed cascade(Instant since, ObjectId deletion) {
        return new Owed(new ObjectId(), Kind.CASCADE, since, deletion);
    }
}
