package dev.offshoot.apikey;

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
    STANDARD
}
