package dev.offshoot.owed;

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
class WorkQueueTest {
    @Inject
    Jobs jobs;

    @Inject
    Clock clock;

    @Inject
    MeterRegistry metrics;

    @Test
    void runThatDidEverythingIsASuccess() {
        var debtor = new Failing("work that succeeds", Map.of());

        settle(debtor);

        assertThat(debtor.left).isEmpty();
        assertRuns(debtor, 1, 0);
    }

    @Test
    void runOfWhichOneEntryFailsIsAFailureThoughTheOthersAreDone() {
        var debtor = new Failing("work that fails in part", Map.of(2, Integer.MAX_VALUE));

        settle(debtor);

        assertThat(debtor.left).containsExactly(2);
        assertThat(debtor.taken).as("no longer than others are done").containsExactly(1, 2, 2, 3, 2);
        assertRuns(debtor, 0, 1);
    }

    @Test
    void runOfWhichEveryEntryFailsIsAFailureAndEnds() {
        var debtor = new Failing(
                "work that fails", Map.of(1, Integer.MAX_VALUE, 2, Integer.MAX_VALUE, 3, Integer.MAX_VALUE));

        settle(debtor);

        assertThat(debtor.taken).containsExactly(1, 2);
        assertRuns(debtor, 0, 1);
    }

    @Test
    void whatFailedOnceIsAFailureOfItsRunThoughTheSameRunMadeItGood() {
        var debtor = new Failing("work that fails once", Map.of(2, 1));

        settle(debtor);

        assertThat(debtor.left).isEmpty();
        assertRuns(debtor, 0, 1);
    }

    private void settle(Debtor debtor) {
        new WorkQueue(List.of(debtor), jobs, clock)
                .settle(Instant.EPOCH)
                .await()
                .atMost(Duration.ofSeconds(10));
    }

    private void assertRuns(Debtor debtor, int succeeded, int failed) {
        assertThat(runs(debtor, "success")).isEqualTo(succeeded);
        assertThat(runs(debtor, "failure")).isEqualTo(failed);
    }

    private double runs(Debtor debtor, String outcome) {
        return metrics.get("offshoot.job.runs")
                .tags("name", "settle-" + debtor.name().replace(' ', '-'), "outcome", outcome)
                .counter()
                .count();
    }

    /** Owes three entries, two of them in a batch, of which some fail as often as is said. */
    private static final class Failing implements Debtor {
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
        public Uni<Settled> settle(Instant waitingSince) {
            return Uni.createFrom()
                    .deferred(() -> settleEach(left.stream().limit(2).toList(), this::step));
        }

        private Uni<Void> step(int entry) {
            taken.add(entry);
            if (taken.stream().filter(one -> one == entry).count() <= failures.getOrDefault(entry, 0)) {
                throw new IllegalStateException("on purpose");
            }
            left.remove(entry);
            return Uni.createFrom().voidItem();
        }
    }
}
