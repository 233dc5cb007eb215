package dev.offshoot.apikey;

import dev.offshoot.failure.Failure;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What became of checking a key: the caller that it makes, or why it makes none. */
public sealed interface KeyCheck {

    /**
     * The key is good, and so is its whole lineage.
     *
     * @param expiresAt when it ends, if it ever does
     */
    record Valid(Caller caller, @Nullable Instant expiresAt) implements KeyCheck {}

    record Invalid(Reason reason) implements KeyCheck {}

    /** Why a key is refused. Callers learn no more of it than their API says ({@code api.md}, sections 3 and 6). */
    enum Reason {
        /** There was no key, or more than one. */
        MISSING,
        /** The text is no key: its form or its checksum is wrong. */
        MALFORMED,
        /** There is no such key, it was not proved, or it is outside the tree of the one who asks. */
        UNKNOWN,
        REVOKED,
        EXPIRED,
        ORGANISATION_DELETED,
        /** The key's access list does not hold the address. */
        IP_NOT_ALLOWED,
        /** None of the key's roles allows the call. */
        ROLE;

        /** As it is written in answers, metrics and the log. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static KeyCheck invalid(Reason reason) {
        return new Invalid(reason);
    }

    /** The caller of a valid key. */
    default Optional<Caller> validCaller() {
        return this instanceof Valid valid ? Optional.of(valid.caller()) : Optional.empty();
    }

    /** The caller; throws what an API answers to an invalid key. */
    default Caller callerOr(Function<Reason, Failure> failure) {
        if (this instanceof Valid valid) {
            return valid.caller();
        }
        throw failure.apply(((Invalid) this).reason()).asException();
    }
}
