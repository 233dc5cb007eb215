package dev.offshoot.apikey;

import dev.offshoot.apikey.KeyCheck.Reason;
import java.time.Instant;
import java.util.Optional;

/**
 * A stored key as it was read, good or not. It proves nothing about the one who named its id.
 *
 * @param caller the caller that it makes while it is good; empty when an organisation of its lineage was not live
 * @param readAtNanos what {@link System#nanoTime} was before the look-up began
 */
record CachedKey(ApiKey key, Optional<Caller> caller, long readAtNanos) {

    /** Checks it at that time, wherever it is used from. */
    KeyCheck check(Instant now) {
        return key.flaw(now)
                .or(() -> caller.isEmpty() ? Optional.of(Reason.ORGANISATION_DELETED) : Optional.empty())
                .map(KeyCheck::invalid)
                .orElseGet(
                        () -> new KeyCheck.Valid(caller.orElseThrow(), key.end().orElse(null)));
    }
}
