package dev.offshoot.scope;

import java.time.Instant;
import java.util.List;
import org.bson.codecs.pojo.annotations.BsonId;
import org.bson.codecs.pojo.annotations.BsonProperty;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/** Whether an organisation is live, and the deletions that lie on it: what its descendants need to know of it. */
public record Standing(
        @BsonId OrgId id,
        boolean deleted,
        @BsonProperty("deleted_at") @Nullable Instant deletedAt,
        List<ObjectId> deletions) {
    public Standing {
        deletions = List.copyOf(deletions);
    }
}
