package dev.offshoot.apikey;

import java.time.Instant;
import java.util.Optional;

/**
 * A stored key as it was found, good or not. Nothing has been proved yet by whoever names its id.
 *
 * @param caller who calls with it, when it was itself good and its whole lineage live
 * @param readAtNanos what {@link System#nanoTime} was before the look-up began
 */
public record KnownKey(ApiKey key, Optional<Caller> caller, long readAtNanos) {

    /** What is to be said of it at that time, wherever it is used from. */
    public Verdict verdict(Instant now) {
        var ofItself = key.verdict(now);
        return ofItself == Verdict.VALID && caller.isEmpty() ? Verdict.ORGANISATION_DELETED : ofItself;
    }

    /** Why nobody calls with it at that time, if nobody does. */
    Optional<KeyRefusal> refusal(Instant now) {
        return switch (verdict(now)) {
            case VALID -> Optional.empty();
            case REVOKED -> Optional.of(KeyRefusal.REVOKED);
            case EXPIRED -> Optional.of(KeyRefusal.EXPIRED);
            case ORGANISATION_DELETED -> Optional.of(KeyRefusal.ORGANISATION_DELETED);
            case UNKNOWN, IP_NOT_ALLOWED -> throw new IllegalStateException("no verdict of a key by itself");
        };
    }

    /** Who calls with it at that time. */
    Optional<Caller> callerAt(Instant now) {
        return verdict(now) == Verdict.VALID ? caller : Optional.empty();
    }
}
