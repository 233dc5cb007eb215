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

    /** Who calls with it at that time. */
    Optional<Caller> callerAt(Instant now) {
        return verdict(now) == Verdict.VALID ? caller : Optional.empty();
    }
}
