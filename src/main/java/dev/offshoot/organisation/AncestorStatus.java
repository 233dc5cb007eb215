package dev.offshoot.organisation;

import dev.offshoot.ratelimit.RateLimit;
import dev.offshoot.value.OrgId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.bson.codecs.pojo.annotations.BsonId;
import org.bson.codecs.pojo.annotations.BsonProperty;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * What an organisation's descendants need to know about it: whether it is live, the deletions that apply to it, its
 * key, the country and time zone that a child gets by default, and the rate limit of its own keys.
 */
@RegisterForReflection
public record AncestorStatus(
        @BsonId OrgId id,
        boolean deleted,
        @BsonProperty("deleted_at") @Nullable Instant deletedAt,
        List<ObjectId> deletions,
        @BsonProperty("organisation_key") String organisationKey,
        String country,
        Division division,
        @BsonProperty("limits") @Nullable RateLimit rateLimit) {
    /** The time zone of the division, without its other fields. */
    @RegisterForReflection
    public record Division(String timezone) {}

    public AncestorStatus {
        deletions = List.copyOf(deletions);
    }
}
