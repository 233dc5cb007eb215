package dev.offshoot.apikey;

/** Why a caller was refused, for the operator alone: callers are told no more than their API says. */
public enum KeyRefusal {
    /** There was no key, or more than one. */
    MISSING,
    /** What was presented is no key: its form or its checksum is wrong. */
    MALFORMED,
    /** There is no such key, or it was not proved to be known. */
    UNKNOWN,
    REVOKED,
    EXPIRED,
    ORGANISATION_DELETED,
    /** The key's access list does not hold the address. */
    ADDRESS,
    /** None of the key's roles may make the call. */
    ROLE
}
