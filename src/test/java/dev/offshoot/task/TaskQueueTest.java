package dev.offshoot.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.telemetry.Jobs;
import dev.offshoot.testing.Installation;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The queue goes on with what it can do, and tells of what it could not. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class TaskQueueTest {
    @Inject
    Jobs jobs;

    @Inject
    Clock clock;

    @Inject
    MeterRegistry metrics;

    @Test
    void runThatDidEverythingIsASuccess() {
        var handler = new Failing("work that succeeds", Map.of());

        run(handler);

        assertThat(handler.left).isEmpty();
        assertRuns(handler, 1, 0);
    }

    @Test
    void runWithOneFailedTaskIsAFailureThoughTheOthersAreDone() {
        var handler = new Failing("work that fails in part", Map.of(2, Integer.MAX_VALUE));

        run(handler);

        assertThat(handler.left).containsExactly(2);
        assertThat(handler.taken).as("no longer than others are done").containsExactly(1, 2, 2, 3, 2);
        assertRuns(handler, 0, 1);
    }

    @Test
    void runWithFailedTasksOnlyIsAFailureAndEnds() {
        var handler = new Failing(
                "work that fails", Map.of(1, Integer.MAX_VALUE, 2, Integer.MAX_VALUE, 3, Integer.MAX_VALUE));

        run(handler);

        assertThat(handler.taken).containsExactly(1, 2);
        assertRuns(handler, 0, 1);
    }

    @Test
    void taskThatFailedOnceIsAFailureOfItsRunThoughTheSameRunDidIt() {
        var handler = new Failing("work that fails once", Map.of(2, 1));

        run(handler);

        assertThat(handler.left).isEmpty();
        assertRuns(handler, 0, 1);
    }

    private void run(TaskHandler handler) {
        new TaskQueue(List.of(handler), jobs, new TaskFailures(metrics, clock), clock)
                .runDue(clock)
                .await()
                .atMost(Duration.ofSeconds(10));
    }

    private void assertRuns(TaskHandler handler, int succeeded, int failed) {
        assertThat(runs(handler, "success")).isEqualTo(succeeded);
        assertThat(runs(handler, "failure")).isEqualTo(failed);
    }

    private double runs(TaskHandler handler, String outcome) {
        return metrics.get("offshoot.job.runs")
                .tags("name", handler.name(), "outcome", outcome)
                .counter()
                .count();
    }

    /** Has three tasks, two of them in a batch, of which some fail as often as is said. */
    private static final class Failing implements TaskHandler {
        private final String name;
        private final Map<Integer, Integer> failures;
        private final TreeSet<Integer> left = new TreeSet<>(List.of(1, 2, 3));
        private final List<Integer> taken = new ArrayList<>();

        private Failing(String name, Map<Integer, Integer> failures) {
            this.name = name;
            this.failures = failures;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Uni<BatchResult> runDue(Clock at) {
            return Uni.createFrom().item(() -> left.stream().limit(2).toList().stream()
                    .map(this::attempt)
                    .reduce(BatchResult.NOTHING, BatchResult::plus));
        }

        /** The next batch finds the task again, so that a failure alone is no reason for one. */
        private BatchResult attempt(int task) {
            taken.add(task);
            if (taken.stream().filter(one -> one == task).count() <= failures.getOrDefault(task, 0)) {
                var cause = new IllegalStateException("on purpose");
                return new BatchResult(
                        List.of(new TaskFailure("org=none", TaskType.USAGE_DAYS, Instant.EPOCH, cause)), false);
            }
            left.remove(task);
            return BatchResult.DONE;
        }
    }
}
