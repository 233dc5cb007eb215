package dev.offshoot.organisation;

import dev.offshoot.value.OrgId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.bson.codecs.pojo.annotations.BsonId;
import org.bson.codecs.pojo.annotations.BsonProperty;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * What an organisation's descendants need to know of it: whether it is live, the deletions that lie on it, what it
 * is called, and what a child is given when nothing else is said.
 */
@RegisterForReflection
public record AncestorStatus(
        @BsonId OrgId id,
        boolean deleted,
        @BsonProperty("deleted_at") @Nullable Instant deletedAt,
        List<ObjectId> deletions,
        @BsonProperty("organisation_key") String organisationKey,
        String country,
        Division division) {
    /** Of its division, the zone. */
    @RegisterForReflection
    public record Division(String timezone) {}

    public AncestorStatus {
        deletions = List.copyOf(deletions);
    }
}
