package dev.offshoot.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskHandlerTest {
    private final List<Integer> taken = new ArrayList<>();

    private final TaskHandler handler = new TaskHandler() {
        @Override
        public String name() {
            return "test";
        }

        @Override
        public Uni<BatchResult> runDue(Instant dueBy) {
            return runEach(List.of(1, 2, 3, 4), this::step);
        }

        private Uni<Void> step(int item) {
            taken.add(item);
            return switch (item) {
                case 2 -> Uni.createFrom().failure(new IllegalStateException("on purpose"));
                case 3 -> throw new IllegalStateException("on purpose, at once");
                default -> Uni.createFrom().voidItem();
            };
        }
    };

    @Test
    void taskThatFailsDoesNotStopTheOthersAndIsCounted() {
        assertThat(handler.runDue(Instant.EPOCH).await().indefinitely()).isEqualTo(new BatchResult(2, 2));
        assertThat(taken).containsExactly(1, 2, 3, 4);
    }

    @Test
    void eachOfADependentSeriesStopsAtTheFirstFailure() {
        var series = Steps.each(List.of(1, 2, 3), item -> {
            taken.add(item);
            return item == 2
                    ? Uni.createFrom().failure(new IllegalStateException("on purpose"))
                    : Uni.createFrom().voidItem();
        });

        assertThat(series.subscribeAsCompletionStage()).isCompletedExceptionally();
        assertThat(taken).containsExactly(1, 2);
    }
}
