package dev.offshoot.task;

import dev.offshoot.telemetry.Cause;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Logs failed tasks, at most one line a second for each type of task and job. A line names one of the failures, and how
 * many there were since the line before.
 */
@Singleton
public class FailureLog {
    private static final Logger LOG = Logger.getLogger(FailureLog.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Clock clock;
    private final Map<Kind, Line> lines = new HashMap<>();

    FailureLog(Clock clock) {
        this.clock = clock;
    }

    private record Kind(String job, TaskType type) {}

    /** @param unlogged how many failures followed the last line */
    private record Line(Instant at, int unlogged) {}

    /** Logs the failure, or counts it for the next line. */
    public synchronized void add(String job, TaskFailure failure) {
        var now = clock.instant();
        var kind = new Kind(job, failure.type());
        var last = lines.getOrDefault(kind, new Line(Instant.EPOCH, 0));
        if (now.isBefore(last.at().plus(INTERVAL))) {
            lines.put(kind, new Line(last.at(), last.unlogged() + 1));
            return;
        }
        lines.put(kind, new Line(now, 0));
        LOG.warnf(
                "A pending task failed and will be tried again: job=%s type=%s %s since=%s failures=%d cause=%s",
                job, failure.type(), failure.record(), failure.since(), last.unlogged() + 1, Cause.of(failure.cause()));
    }
}
