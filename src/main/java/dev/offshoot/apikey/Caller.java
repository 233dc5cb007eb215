package dev.offshoot.apikey;

import dev.offshoot.organisation.OrganisationLocale;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.value.AddressRange;
import dev.offshoot.value.KeyId;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who calls: the key, what it may do, the scope it opens, and from where it may call. */
public record Caller(
        KeyId key,
        Set<Role> roles,
        OrgScope scope,
        String organisationKey,
        List<AddressRange> allowedFrom,
        OrganisationLocale locale) {
    public Caller {
        roles = Set.copyOf(roles);
        allowedFrom = List.copyOf(allowedFrom);
    }

    /** Whether it has no access list, or one that the address is on. No list holds an address that is not known. */
    public boolean mayCallFrom(Optional<InetAddress> address) {
        return allowedFrom.isEmpty() || address.flatMap(this::entryFor).isPresent();
    }

    /** The first entry of its access list that the address is in. */
    public Optional<AddressRange> entryFor(InetAddress address) {
        return allowedFrom.stream().filter(range -> range.contains(address)).findFirst();
    }

    public boolean has(Role role) {
        return roles.contains(role);
    }

    public boolean hasAny(Set<Role> wanted) {
        return wanted.stream().anyMatch(roles::contains);
    }

    /** The roles of the keys that it may mint, change and revoke. */
    public Set<Role> handles() {
        return Role.handledBy(roles);
    }
}
