package dev.offshoot.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may have rows in memory. */
class RowTurnsTest {
    private static final int HALF = RowTurns.MOST_OF_ONE_REQUESTER;
    private static final int QUARTER = HALF / 2;

    private final RowTurns turns = new RowTurns();
    private final List<String> begun = new ArrayList<>();
    private final Deque<RowTurns.Waiting> running = new ArrayDeque<>();

    @Test
    void oneRequesterHasHalfOfTheRoomAndOthersTheRest() {
        enter("greedy", QUARTER);
        enter("greedy", QUARTER);
        enter("greedy", 11);
        assertThat(begun).hasSize(2);

        enter("polite", HALF);
        assertThat(begun).containsExactly("greedy", "greedy", "polite");
        assertThat(turns.free()).isZero();

        enter("other", 11);
        assertThat(begun).hasSize(3);
        leaveOldest();
        assertThat(begun).containsExactly("greedy", "greedy", "polite", "greedy", "other");
    }

    @Test
    void newestOfARequesterComesFirst() {
        enter("one", HALF, "running");
        enter("one", QUARTER, "page");
        enter("one", HALF, "members");

        leaveOldest();
        assertThat(begun).containsExactly("running", "members");
        leaveOldest();
        assertThat(begun).containsExactly("running", "members", "page");
        leaveOldest();
        assertThat(turns.free()).isEqualTo(RowTurns.ROWS);
    }

    @Test
    void oneRequesterHasABoundedNumberWaiting() {
        enter("greedy", HALF);
        for (var i = 0; i < RowTurns.MOST_WAITING_OF_ONE_REQUESTER; i++) {
            assertThat(enter("greedy", 11)).isTrue();
        }

        assertThat(enter("greedy", 11)).isFalse();
        assertThat(enter("polite", 11)).isTrue();
        assertThat(begun).containsExactly("greedy", "polite");
    }

    @Test
    void whoGivesUpWaitsNoLonger() {
        enter("one", HALF);
        var list = turns.prepare("one", 11, turn -> begun.add("too late"));
        turns.enter(list);
        list.giveUp();
        list.giveUp();

        leaveOldest();

        assertThat(begun).containsExactly("one");
        assertThat(turns.free()).isEqualTo(RowTurns.ROWS);
    }

    @Test
    void listCountsByItsLimitUpToWhatOneRequesterMayHave() {
        assertThat(RowTurns.counted(11)).isEqualTo(11);
        assertThat(RowTurns.counted(HALF)).isEqualTo(HALF);
        assertThat(RowTurns.counted(HALF + 1)).isEqualTo(HALF);
    }

    private boolean enter(String requester, int rows) {
        return enter(requester, rows, requester);
    }

    private boolean enter(String requester, int rows, String name) {
        return turns.enter(turns.prepare(requester, rows, turn -> {
            begun.add(name);
            running.add(turn);
        }));
    }

    private void leaveOldest() {
        running.remove().leave();
    }
}
