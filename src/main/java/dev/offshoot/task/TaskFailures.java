package dev.offshoot.task;

import dev.offshoot.telemetry.Cause;
import dev.offshoot.telemetry.OnceASecond;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Counts failed tasks, and logs them: at most one line a second for each type of task and job. A line names one of the
 * failures, and how many there were since the line before.
 */
@Singleton
public class TaskFailures {
    private static final Logger LOG = Logger.getLogger(TaskFailures.class);
    private static final Duration DAY = Duration.ofDays(1);

    private final MeterRegistry metrics;
    private final Clock clock;
    private final Map<Kind, OnceASecond> lines = new ConcurrentHashMap<>();

    TaskFailures(MeterRegistry metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
        for (var type : TaskType.values()) {
            count(type, false, 0);
            count(type, true, 0);
        }
    }

    private record Kind(String job, TaskType type) {}

    /** Counts the failure, and logs it or leaves it to the next line. */
    public void add(String job, TaskFailure failure) {
        count(failure.type(), failure.since().plus(DAY).isBefore(clock.instant()), 1);
        lines.computeIfAbsent(new Kind(job, failure.type()), kind -> new OnceASecond(clock))
                .log(failures -> LOG.warnf(
                        "A pending task failed and will be tried again: job=%s type=%s %s since=%s failures=%d cause=%s",
                        job, failure.type(), failure.record(), failure.since(), failures, Cause.of(failure.cause())));
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
