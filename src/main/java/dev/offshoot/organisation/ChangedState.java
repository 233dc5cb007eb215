package dev.offshoot.organisation;

import java.time.Instant;
import org.bson.codecs.pojo.annotations.BsonProperty;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * What a change that may be repeated left of what the Partner API shows. It stands in the organisation until the change's
 * answer is kept, so that whoever repeats the change knows that it was made, and what to answer.
 *
 * @param id the change's id
 */
public record ChangedState(
        ObjectId id,
        String name,
        @BsonProperty("external_id") @Nullable String externalId,
        long shown,
        @BsonProperty("updated_at") Instant updatedAt) {}
