package dev.offshoot.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.scope.Located;
import dev.offshoot.scope.Scoped;
import dev.offshoot.scope.Scopes;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TaskHandlerTest {
    private final List<Integer> taken = new ArrayList<>();

    private record Numbered(int number) implements Scoped {
        @Override
        public List<OrgId> lineage() {
            return List.of(OrgId.ROOT);
        }
    }

    private final TaskHandler handler = new TaskHandler() {
        @Override
        public String name() {
            return "test";
        }

        @Override
        public Uni<BatchResult> runDue(Clock clock) {
            var batch = Stream.of(1, 2, 3, 4)
                    .map(number -> new Located<>(new Numbered(number), Scopes.ofAnOrganisation()))
                    .toList();
            return runEach(TaskType.USAGE_DAYS, batch, record -> Instant.EPOCH, found -> step(found.record()));
        }

        private Uni<Void> step(Numbered item) {
            taken.add(item.number());
            return switch (item.number()) {
                case 2 -> Uni.createFrom().failure(new IllegalStateException("on purpose"));
                case 3 -> throw new IllegalStateException("on purpose, at once");
                default -> Uni.createFrom().voidItem();
            };
        }
    };

    @Test
    void taskThatFailsDoesNotStopTheOthersAndIsCounted() {
        var result = handler.runDue(Clock.systemUTC()).await().indefinitely();

        assertThat(result.failures())
                .extracting(failure -> failure.cause().getMessage())
                .containsExactly("on purpose", "on purpose, at once");
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
