package dev.offshoot.apikey;

import dev.offshoot.scope.OrgScope;
import java.util.Set;

/** Who calls: the key, what it may do, and the scope it opens, which holds its organisation and all beneath. */
public record Caller(KeyId key, Set<Role> roles, OrgScope scope) {
    public Caller {
        roles = Set.copyOf(roles);
    }

    public boolean has(Role role) {
        return roles.contains(role);
    }
}
