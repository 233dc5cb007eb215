package dev.offshoot.apikey;

import dev.offshoot.value.AddressRange;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a key to be minted is called, may do, and until when and from where.
 *
 * @param allowedFrom empty for everywhere
 */
public record NewKey(
        String name, List<Role> roles, @Nullable Instant expiresAt, List<AddressRange> allowedFrom) {
    public NewKey {
        roles = List.copyOf(roles);
        allowedFrom = List.copyOf(allowedFrom);
    }

    /** One that is good for ever and from everywhere. */
    public static NewKey unlimited(String name, List<Role> roles) {
        return new NewKey(name, roles, null, List.of());
    }
}
