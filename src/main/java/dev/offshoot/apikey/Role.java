package dev.offshoot.apikey;

import dev.offshoot.value.Parsed;
import java.util.Locale;
import java.util.Set;

/** What a key may do. Each API decides which calls a role allows ({@code api.md}, section 1, Roles). */
public enum Role {
    /** Creates and deletes organisations. Only partners' keys have it. */
    PARTNER,
    /** Manages its own organisation and those beneath. */
    ORG_OWNER,
    /** Reads its own organisation and those beneath. */
    ORG_READ_ONLY,
    /** Verifies keys and reports usage, for the vendor's own servers. */
    GATEWAY,
    /** Gives a customer access to the vendor's product. */
    STANDARD;

    public static final String RULE = "must be a role that this call knows";

    /** The roles that may read organisations on the Cloud Manager and Monoid APIs. */
    public static final Set<Role> READERS = Set.of(PARTNER, ORG_OWNER, ORG_READ_ONLY);

    /** The roles that may change organisations on those APIs, and manage keys and read usage on the Partner API. */
    public static final Set<Role> OWNERS = Set.of(PARTNER, ORG_OWNER);

    /** The roles that only a partner's key may have, because they act for more than one organisation. */
    public static final Set<Role> PARTNERS_ONLY = Set.of(PARTNER, GATEWAY);

    private static final Set<Role> OWNERS_HANDLE = Set.of(ORG_OWNER, ORG_READ_ONLY, STANDARD);

    /** The roles of the keys that a key with the given roles may mint, change and revoke. */
    static Set<Role> handledBy(Set<Role> roles) {
        if (roles.contains(PARTNER)) {
            return Set.of(values());
        }
        return roles.contains(ORG_OWNER) ? OWNERS_HANDLE : Set.of();
    }

    public static Parsed<Role> parse(String raw) {
        return Parsed.choice(values(), Role::text, raw, RULE);
    }

    /** The role as the Partner API's clients write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
