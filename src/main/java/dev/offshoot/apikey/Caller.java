package dev.offshoot.apikey;

import dev.offshoot.organisation.OrganisationLocale;
import dev.offshoot.ratelimit.RateLimit;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.value.AddressRange;
import dev.offshoot.value.KeyId;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Identifies who calls: the key, its roles, the scope that it opens, the addresses that it may call from, and its rate
 * limit.
 */
public record Caller(
        KeyId key,
        Set<Role> roles,
        OrgScope scope,
        String organisationKey,
        List<AddressRange> allowedFrom,
        OrganisationLocale locale,
        @Nullable RateLimit rateLimit) {
    public Caller {
        roles = Set.copyOf(roles);
        allowedFrom = List.copyOf(allowedFrom);
    }

    /** Whether the key has no access list or the address is on it. No list holds an unknown address. */
    public boolean mayCallFrom(Optional<InetAddress> address) {
        return allowedFrom.isEmpty() || address.flatMap(this::entryFor).isPresent();
    }

    /** The first entry of the access list that contains the address. */
    public Optional<AddressRange> entryFor(InetAddress address) {
        for (var range : allowedFrom) {
            if (range.contains(address)) {
                return Optional.of(range);
            }
        }
        return Optional.empty();
    }

    public boolean has(Role role) {
        return roles.contains(role);
    }

    public boolean hasAny(Set<Role> wanted) {
        return !Collections.disjoint(wanted, roles);
    }

    /** The roles of the keys that the caller may mint, change and revoke. */
    public Set<Role> handles() {
        return Role.handledBy(roles);
    }
}
