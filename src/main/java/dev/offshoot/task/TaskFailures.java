package dev.offshoot.task;

import dev.offshoot.telemetry.Cause;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Counts failed tasks, and logs them: at most one line a second for each type of task and job. A line names one of the
 * failures, and how many there were since the line before.
 */
@Singleton
public class TaskFailures {
    private static final Logger LOG = Logger.getLogger(TaskFailures.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration DAY = Duration.ofDays(1);

    private final MeterRegistry metrics;
    private final Clock clock;
    private final Map<Kind, Line> lines = new HashMap<>();

    TaskFailures(MeterRegistry metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
        for (var type : TaskType.values()) {
            count(type, false, 0);
            count(type, true, 0);
        }
    }

    private record Kind(String job, TaskType type) {}

    /** @param unlogged how many failures followed the last line */
    private record Line(Instant at, int unlogged) {}

    /** Counts the failure, and logs it or leaves it to the next line. */
    public synchronized void add(String job, TaskFailure failure) {
        var now = clock.instant();
        count(failure.type(), failure.since().plus(DAY).isBefore(now), 1);
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

    private void count(TaskType type, boolean isOverADay, int more) {
        metrics.counter(
                        "offshoot.task.failures",
                        "type",
                        type.name().toLowerCase(Locale.ROOT),
                        "pending",
                        isOverADay ? "over_a_day" : "under_a_day")
                .increment(more);
    }
}
