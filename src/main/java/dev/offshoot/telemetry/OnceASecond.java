package dev.offshoot.telemetry;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Bounds what is logged of one kind of event: a line at once, then at most one a second, with how many there were. */
public final class OnceASecond {
    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    private final LongSupplier nanoClock;
    private final AtomicLong events = new AtomicLong();
    private final AtomicLong lastLineNanos;

    public OnceASecond() {
        this(System::nanoTime);
    }

    OnceASecond(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.lastLineNanos = new AtomicLong(nanoClock.getAsLong() - SECOND_NANOS);
    }

    /** Counts an event. If a line is due, it gets the number of events since the last line, this one included. */
    public void log(LongConsumer line) {
        events.incrementAndGet();
        var last = lastLineNanos.get();
        var now = nanoClock.getAsLong();
        if (now - last >= SECOND_NANOS && lastLineNanos.compareAndSet(last, now)) {
            line.accept(events.getAndSet(0));
        }
    }
}
