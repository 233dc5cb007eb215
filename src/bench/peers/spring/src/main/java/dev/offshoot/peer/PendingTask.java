package dev.offshoot.peer;

import java.time.Duration;
import java.time.Instant;
import org.bson.types.ObjectId;
import org.springframework.data.mongodb.core.mapping.Field;

/** Work that a write leaves for later. Its id is stored as that, and not as a document's. */
record PendingTask(@Field("id") ObjectId id, String type, Instant since, int attempts) {
    private static final Duration LEASE = Duration.ofMinutes(1);

    static PendingTask confirm(Instant now) {
        return new PendingTask(new ObjectId(), "CONFIRM", now, 0);
    }

    static Instant dueAt(Instant since) {
        return since.plus(LEASE);
    }
}
