package dev.offshoot.testing;

import io.github.bucket4j.TimeMeter;
import jakarta.inject.Singleton;
import java.time.Duration;

/** The time that fills the buckets of rate limits in tests: it stands still, and is moved by as much as a test says. */
@Singleton
public class TestTimeMeter implements TimeMeter {
    private volatile long nanos = System.nanoTime();

    public synchronized void pass(Duration span) {
        nanos += span.toNanos();
    }

    @Override
    public long currentTimeNanos() {
        return nanos;
    }

    @Override
    public boolean isWallClockBased() {
        return false;
    }
}
