package dev.offshoot.task;

import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Function;

/** The lease of a record whose tasks are being run, for work that takes longer than one lease. */
public final class Lease {
    private final Clock clock;
    private final Function<Instant, Uni<Void>> extension;
    private volatile Instant extendedAt;

    Lease(Clock clock, Function<Instant, Uni<Void>> extension) {
        this.clock = clock;
        this.extension = extension;
        this.extendedAt = clock.instant();
    }

    /** Extends the lease when half of it is over. Until then it sends nothing. */
    public Uni<Void> keep() {
        return Uni.createFrom().deferred(() -> {
            var now = clock.instant();
            if (now.isBefore(extendedAt.plus(PendingTask.LEASE.dividedBy(2)))) {
                return Uni.createFrom().voidItem();
            }
            extendedAt = now;
            return extension.apply(now.plus(PendingTask.LEASE));
        });
    }
}
