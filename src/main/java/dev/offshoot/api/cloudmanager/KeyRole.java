package dev.offshoot.api.cloudmanager;

import dev.offshoot.apikey.Role;
import dev.offshoot.value.Parsed;
import java.util.List;
import java.util.Set;

/** The roles of the keys that this API shows and handles, as its clients write them. */
enum KeyRole {
    ORG_OWNER(Role.ORG_OWNER),
    ORG_READ_ONLY(Role.ORG_READ_ONLY);

    static final Set<Role> ROLES = Set.of(Role.ORG_OWNER, Role.ORG_READ_ONLY);

    private final Role role;

    KeyRole(Role role) {
        this.role = role;
    }

    static Parsed<KeyRole> parse(String raw) {
        return Parsed.choice(values(), KeyRole::name, raw, Role.RULE);
    }

    /** The roles that they stand for, each once. */
    static List<Role> roles(List<KeyRole> written) {
        return written.stream().distinct().sorted().map(each -> each.role).toList();
    }
}
