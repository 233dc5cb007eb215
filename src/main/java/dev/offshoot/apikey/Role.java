package dev.offshoot.apikey;

import dev.offshoot.value.Parsed;
import java.util.Locale;
import java.util.Set;

/** What a key may do; which calls that means, each API says ({@code api.md}, section 1, Roles). */
public enum Role {
    /** Creates and deletes organisations; held by partners only. */
    PARTNER,
    /** Manages its own organisation and those beneath. */
    ORG_OWNER,
    /** Reads its own organisation and those beneath. */
    ORG_READ_ONLY,
    /** The vendor's own servers: verifying keys and reporting usage. */
    GATEWAY,
    /** What the vendor's product accepts from a customer. */
    STANDARD;

    public static final String RULE = "must be a role that this call knows";

    /** Who reads organisations on the APIs that people's tools use. */
    public static final Set<Role> READERS = Set.of(PARTNER, ORG_OWNER, ORG_READ_ONLY);

    /** Who changes organisations there. */
    public static final Set<Role> OWNERS = Set.of(PARTNER, ORG_OWNER);

    /** For partners' keys only: they act for more than one organisation. */
    public static final Set<Role> PARTNERS_ONLY = Set.of(PARTNER, GATEWAY);

    private static final Set<Role> OWNERS_HANDLE = Set.of(ORG_OWNER, ORG_READ_ONLY, STANDARD);

    /** The roles of the keys that a holder of these may mint, change and revoke. */
    static Set<Role> handledBy(Set<Role> roles) {
        if (roles.contains(PARTNER)) {
            return Set.of(values());
        }
        return roles.contains(ORG_OWNER) ? OWNERS_HANDLE : Set.of();
    }

    public static Parsed<Role> parse(String raw) {
        return Parsed.choice(values(), Role::text, raw, RULE);
    }

    /** As the Partner API's clients write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
