package dev.offshoot.apikey;

import dev.offshoot.failure.Failure;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The result of checking a key: the caller that it identifies, or why it is refused. */
public sealed interface KeyCheck {

    /**
     * The key and its whole lineage are valid.
     *
     * @param expiresAt when the key ends, if ever
     */
    record Valid(Caller caller, @Nullable Instant expiresAt) implements KeyCheck {}

    record Invalid(Reason reason) implements KeyCheck {}

    /** Why a key is refused. Callers learn only what their API reveals ({@code api.md}, sections 3 and 6). */
    enum Reason {
        /** No key was presented, or more than one. */
        MISSING,
        /** The text is not a key: its form or its checksum is wrong. */
        MALFORMED,
        /** The key does not exist, its proof failed, or it is outside the scope of the caller that asks. */
        UNKNOWN,
        REVOKED,
        EXPIRED,
        ORGANISATION_DELETED,
        /** The key's access list does not contain the address. */
        IP_NOT_ALLOWED,
        /** The key has used up its rate limit. */
        RATE_LIMITED,
        /** None of the key's roles allows the call. */
        ROLE;

        /** The reason as answers, metrics and the log write it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static KeyCheck invalid(Reason reason) {
        return new Invalid(reason);
    }

    /** Returns the caller of a valid key; empty if the key is refused. */
    default Optional<Caller> validCaller() {
        return this instanceof Valid valid ? Optional.of(valid.caller()) : Optional.empty();
    }

    /** Returns the caller, or throws the failure that an API answers for an invalid key. */
    default Caller callerOr(Function<Reason, Failure> failure) {
        if (this instanceof Valid valid) {
            return valid.caller();
        }
        throw failure.apply(((Invalid) this).reason()).asException();
    }
}
