package dev.offshoot.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.telemetry.Jobs;
import dev.offshoot.testing.ObservedInstallation;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduler;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When the queue runs its handlers. */
@Tag("any-database")
@QuarkusTest
@WithTestResource(value = ObservedInstallation.class, scope = TestResourceScope.MATCHING_RESOURCES)
class TaskQueueScheduleTest {
    @Inject
    Jobs jobs;

    @Inject
    Clock clock;

    @Inject
    MeterRegistry metrics;

    @Inject
    Scheduler scheduler;

    @Test
    void handlerThatTakesLongHoldsUpNoOtherAndDoesNotRunTwiceAtOnce() {
        var stuck = new Counting("work that does not end", Uni.createFrom().nothing());
        var quick = new Counting("work that ends", Uni.createFrom().item(BatchResult.NOTHING));
        var queue = new TaskQueue(List.of(stuck, quick), jobs, new TaskFailures(metrics, clock), clock);

        queue.schedule(scheduler, "1s");
        try {
            await().until(() -> quick.runs.get() >= 3);

            assertThat(stuck.runs).hasValue(1);
        } finally {
            scheduler.unscheduleJob(stuck.name());
            scheduler.unscheduleJob(quick.name());
        }
    }

    /** Counts its runs, which all have the same result. */
    private record Counting(String name, Uni<BatchResult> result, AtomicInteger runs) implements TaskHandler {
        private Counting(String name, Uni<BatchResult> result) {
            this(name, result, new AtomicInteger());
        }

        @Override
        public Uni<BatchResult> runDue(Clock at) {
            runs.incrementAndGet();
            return result;
        }
    }
}
