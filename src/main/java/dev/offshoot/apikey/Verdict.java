package dev.offshoot.apikey;

/** What is to be said of a key that was presented. Only who may ask is told which it is ({@code api.md}, section 6). */
public enum Verdict {
    VALID,
    /** There is no such key, or not in the actor's tree. */
    UNKNOWN,
    REVOKED,
    EXPIRED,
    /** It has an access list, and was used from elsewhere. */
    IP_NOT_ALLOWED,
    ORGANISATION_DELETED
}
