package dev.offshoot.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Logs;
import dev.offshoot.testing.TestClock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The metrics of background jobs say when they last did all that there was to do, and how often they did not. */
@Tag("any-database")
class JobsTest {
    private static final Instant START = Instant.parse("2026-04-01T00:00:00Z");
    private static final Instant LATER = Instant.parse("2026-04-01T01:00:00Z");

    private final MeterRegistry metrics = new SimpleMeterRegistry();
    private final TestClock clock = new TestClock();
    private Jobs jobs;
    private Jobs.Job job;

    @BeforeEach
    void start() {
        clock.moveTo(START);
        jobs = new Jobs(metrics, new Traces(TracingVariables.of(Map.of()), SpanExporter.composite()), clock);
        job = jobs.job("job");
        clock.moveTo(LATER);
    }

    @Test
    void successIsCountedAndItsTimeRecorded() {
        job.run(Uni.createFrom().item(true)).await().indefinitely();

        assertThat(runs("success")).isEqualTo(1);
        assertThat(runs("failure")).isZero();
        assertThat(lastSuccess()).isAfterOrEqualTo(LATER);
    }

    @Test
    void jobThatDidNotDoAllHasFailed() {
        job.run(Uni.createFrom().item(false)).await().indefinitely();

        assertThat(runs("success")).isZero();
        assertThat(runs("failure")).isEqualTo(1);
        assertThat(lastSuccess()).isBefore(LATER);
    }

    @Test
    void failureIsCountedAndLoggedInOneLine() {
        var failure = new IllegalStateException("broken\nin two lines");

        var logged = Logs.troubleDuring(
                () -> job.run(Uni.createFrom().failure(failure)).await().indefinitely());

        assertThat(logged)
                .containsExactly("WARN A background job failed: job=job"
                        + " cause=java.lang.IllegalStateException: broken in two lines null");
        assertThat(runs("failure")).isEqualTo(1);
        assertThat(lastSuccess()).isBefore(LATER);
    }

    @Test
    void endCancelsJobThatIsRunning() {
        var isCancelled = new AtomicBoolean();
        var run = job.run(Uni.createFrom().<Boolean>nothing().onCancellation().invoke(() -> isCancelled.set(true)))
                .subscribeAsCompletionStage();

        var logged = Logs.troubleDuring(() -> jobs.end(new ShutdownEvent()));

        assertThat(isCancelled).isTrue();
        assertThat(run).isCompleted();
        assertThat(logged).isEmpty();
        assertThat(runs("success") + runs("failure")).isZero();
    }

    @Test
    void noJobBeginsOnceProcessIsEnding() {
        var begun = new AtomicBoolean();
        jobs.end(new ShutdownEvent());

        job.run(Uni.createFrom().item(() -> begun.getAndSet(true))).await().indefinitely();

        assertThat(begun).isFalse();
    }

    private double runs(String outcome) {
        return metrics.get("offshoot.job.runs")
                .tags("name", "job", "outcome", outcome)
                .counter()
                .count();
    }

    private Instant lastSuccess() {
        var seconds = metrics.get("offshoot.job.last.success.timestamp")
                .tag("name", "job")
                .gauge()
                .value();
        return Instant.ofEpochMilli(Math.round(seconds * 1000));
    }
}
