package dev.offshoot.database;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Finds out once that the database is away, so that not every request has to. It opens when a command does not reach the
 * database, when one times out with no success of any command since it began, and when one fails with a passing error with
 * no success for a moment. A slow or failing statement among others that succeed does not open it. While it is open, no
 * command is sent but a small read: at once, soon again, and then every second. The first that is answered closes it.
 *
 * <p>The guards of SmallRye Fault Tolerance judge by the ratio of the last calls and try again with a request. Here one
 * failure suffices, and no request is spent on a trial.
 */
final class Breaker {
    private static final long MOMENT_NANOS = Duration.ofMillis(200).toNanos();

    private final AtomicBoolean open = new AtomicBoolean();
    private volatile long lastSuccessNanos = System.nanoTime();

    boolean isOpen() {
        return open.get();
    }

    /** The database has answered a command. */
    void answered() {
        lastSuccessNanos = System.nanoTime();
    }

    void close() {
        answered();
        open.set(false);
    }

    /** A command that began then has failed. True if that opens the breaker. */
    boolean failed(Throwable failure, long beganNanos) {
        if (DatabaseErrors.isUnreachable(failure)) {
            return open();
        }
        if (DatabaseErrors.isTimeout(failure)) {
            return timedOut(beganNanos);
        }
        if (DatabaseErrors.isPassing(failure) && !DatabaseErrors.isUndone(failure)) {
            return timedOut(System.nanoTime() - MOMENT_NANOS);
        }
        answered();
        return false;
    }

    /** A command that began then has timed out. True if that opens the breaker. */
    boolean timedOut(long beganNanos) {
        return lastSuccessNanos - beganNanos < 0 && open();
    }

    private boolean open() {
        return open.compareAndSet(false, true);
    }
}
