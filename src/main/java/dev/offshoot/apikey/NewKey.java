package dev.offshoot.apikey;

import dev.offshoot.value.AddressRange;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a key to be minted: its name, its roles, its expiry and its addresses.
 *
 * @param allowedFrom empty if the key shall work from everywhere
 */
public record NewKey(
        String name, List<Role> roles, @Nullable Instant expiresAt, List<AddressRange> allowedFrom) {
    public NewKey {
        roles = List.copyOf(roles);
        allowedFrom = List.copyOf(allowedFrom);
    }

    /** A key that never expires and works from everywhere. */
    public static NewKey unlimited(String name, List<Role> roles) {
        return new NewKey(name, roles, null, List.of());
    }
}
