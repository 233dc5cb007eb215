package dev.offshoot.apikey;

import dev.offshoot.scope.OrgScope;
import dev.offshoot.value.KeyId;
import dev.offshoot.value.OrgId;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which keys are asked for, in order of their ids.
 *
 * @param organisation whose, one that the caller has found in the scope; null for all of the scope
 * @param roles only keys whose roles are all among these
 * @param unusedSince only keys that were not used then or later, so far as is known
 * @param expiresBefore only keys that end before then
 * @param after continue behind this id, which costs the same however far it is
 * @param counted whether the total is wanted
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
