package dev.offshoot.apikey;

import dev.offshoot.apikey.KeyCheck.Reason;
import java.time.Instant;
import java.util.Optional;

/**
 * A stored key as it was read, whether valid or not. It does not prove that the client that named its id holds the key.
 *
 * @param caller the caller that the key identifies while it is valid; empty if the key was not valid or an organisation
 *     of its lineage was not live
 */
record CachedKey(ApiKey key, Optional<Caller> caller) {

    /** Checks the key at the given time, without regard to the address that it is used from. */
    KeyCheck check(Instant now) {
        return key.flaw(now)
                .or(() -> caller.isEmpty() ? Optional.of(Reason.ORGANISATION_DELETED) : Optional.empty())
                .map(KeyCheck::invalid)
                .orElseGet(
                        () -> new KeyCheck.Valid(caller.orElseThrow(), key.end().orElse(null)));
    }
}
