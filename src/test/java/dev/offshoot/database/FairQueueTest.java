package dev.offshoot.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose turn it is. */
class FairQueueTest {
    private final FairQueue<String> queue = new FairQueue<>();

    @Test
    void whoAsksForMuchWaitsBehindHimself() {
        add("greedy", 5);
        add("polite", 1);
        add("other", 2);

        assertThat(drain(true))
                .containsExactly(
                        "greedy 0", "polite 0", "other 0", "greedy 1", "other 1", "greedy 2", "greedy 3", "greedy 4");
    }

    @Test
    void newestOfOneRequesterComesFirstWhereThatIsAskedFor() {
        add("one", 3);
        add("two", 2);

        assertThat(drain(false)).containsExactly("one 2", "two 1", "one 1", "two 0", "one 0");
    }

    @Test
    void whoHasMostLosesTheOldest() {
        add("polite", 1);
        add("greedy", 3);

        assertThat(queue.displace()).isEqualTo("greedy 0");
        assertThat(queue.displace()).isEqualTo("greedy 1");
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void whatWaitsNoLongerIsOut() {
        add("one", 2);
        queue.remove("one", "one 0");
        queue.remove("one", "one 0");
        queue.remove("nobody", "one 1");

        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.clear()).containsExactly("one 1");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void whatDoesNotFitLetsOthersPassAndKeepsItsTurn() {
        add("greedy", 2);
        add("polite", 1);

        assertThat(queue.take(true, each -> !each.startsWith("greedy"))).contains("polite 0");
        assertThat(queue.take(true, each -> false)).isEmpty();
        assertThat(drain(true)).containsExactly("greedy 0", "greedy 1");
    }

    private void add(String requester, int count) {
        for (var i = 0; i < count; i++) {
            queue.add(requester, requester + " " + i);
        }
    }

    private List<String> drain(boolean oldestFirst) {
        var drained = new ArrayList<String>();
        while (!queue.isEmpty()) {
            drained.add(queue.take(oldestFirst, each -> true).orElseThrow());
        }
        return drained;
    }
}
