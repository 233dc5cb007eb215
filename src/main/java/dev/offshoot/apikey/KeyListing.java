package dev.offshoot.apikey;

import dev.offshoot.scope.OrgScope;
import dev.offshoot.value.KeyId;
import dev.offshoot.value.OrgId;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which keys a list contains, in order of their ids.
 *
 * @param organisation the keys' organisation, which the caller has found in the scope; null for the whole scope
 * @param roles only keys whose roles are all among these
 * @param unusedSince only keys with no known use at that time or later
 * @param expiresBefore only keys that end before that time
 * @param after continue after this id, which costs the same anywhere in the list
 * @param counted whether the total is requested
 */
public record KeyListing(
        OrgScope scope,
        @Nullable OrgId organisation,
        Set<Role> roles,
        boolean withRevoked,
        @Nullable Instant unusedSince,
        @Nullable Instant expiresBefore,
        @Nullable KeyId after,
        int skip,
        int limit,
        boolean counted) {
    public KeyListing {
        roles = Set.copyOf(roles);
    }

    /** The live keys of one organisation. */
    public static KeyListing of(ApiKeys.KeyTarget target, int skip, int limit, boolean counted) {
        return new KeyListing(
                target.scope(), target.organisation(), target.roles(), false, null, null, null, skip, limit, counted);
    }
}
