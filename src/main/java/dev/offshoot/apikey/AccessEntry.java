package dev.offshoot.apikey;

import dev.offshoot.value.AddressRange;
import java.time.Instant;
import org.bson.codecs.pojo.annotations.BsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * An address or block of addresses from which a key may be used, and how it was used from there.
 *
 * @param range in CIDR notation
 * @param count how often the key was used from there, at most a minute old
 */
public record AccessEntry(
        String range,
        Instant created,
        long count,
        @BsonProperty("last_used") @Nullable Instant lastUsed,
        @BsonProperty("last_used_address") @Nullable String lastUsedAddress) {

    static AccessEntry of(AddressRange range, Instant now) {
        return new AccessEntry(range.cidr(), now, 0, null, null);
    }

    public AddressRange addresses() {
        return AddressRange.parse(range).orElseThrow();
    }
}
