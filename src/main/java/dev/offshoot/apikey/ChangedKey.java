package dev.offshoot.apikey;

import java.time.Instant;
import java.util.List;
import org.bson.codecs.pojo.annotations.BsonProperty;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * What a change that may be repeated left of what the Partner API shows. It stands in the key until the change's answer is
 * kept, so that whoever repeats the change knows that it was made, and what to answer.
 *
 * @param id the change's id
 * @param ranges those of the access list, in CIDR notation
 */
public record ChangedKey(
        ObjectId id,
        String name,
        List<Role> roles,
        @BsonProperty("expires_at") @Nullable Instant expiresAt,
        @BsonProperty("ends_at") @Nullable Instant endsAt,
        List<String> ranges) {
    public ChangedKey {
        roles = List.copyOf(roles);
        ranges = List.copyOf(ranges);
    }
}
