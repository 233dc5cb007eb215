package dev.offshoot.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepsTest {
    private final List<Integer> taken = new ArrayList<>();

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
