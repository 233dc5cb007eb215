package dev.offshoot.apikey;

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

    /** Who reads organisations on the APIs that people's tools use. */
    public static final Set<Role> READERS = Set.of(PARTNER, ORG_OWNER, ORG_READ_ONLY);

    /** Who changes organisations there. */
    public static final Set<Role> OWNERS = Set.of(PARTNER, ORG_OWNER);
}
