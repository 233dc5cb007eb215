package dev.offshoot.telemetry;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Bounds what is logged of one kind of event: a line at once, then at most one a second, with how many there were. */
public final class OnceASecond {
    private static final long SECOND_MILLIS = 1000;

    private final Clock clock;
    private final AtomicLong events = new AtomicLong();
    private final AtomicLong lastLineMillis = new AtomicLong();

    public OnceASecond(Clock clock) {
        this.clock = clock;
    }

    /** Counts an event. If a line is due, it gets the number of events since the last line, this one included. */
    public void log(LongConsumer line) {
        events.incrementAndGet();
        var last = lastLineMillis.get();
        var now = clock.millis();
        if (Math.abs(now - last) >= SECOND_MILLIS && lastLineMillis.compareAndSet(last, now)) {
            line.accept(events.getAndSet(0));
        }
    }
}
