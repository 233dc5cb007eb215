package dev.offshoot.owed;

import java.time.Instant;

/** One piece of work that waits, and since when. */
public record Waiting(Work work, Instant since) {
    public static Waiting of(Owed owed) {
        return new Waiting(Work.of(owed.kind()), owed.since());
    }
}
