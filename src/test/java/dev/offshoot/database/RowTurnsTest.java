package dev.offshoot.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may have rows in memory. */
class RowTurnsTest {
    private static final int LONG = RowTurns.MOST_OF_ONE;

    private final RowTurns turns = new RowTurns();
    private final List<String> begun = new ArrayList<>();

    @Test
    void asManyAsThereIsRoomForBeginAtOnceAndTheNextWaits() {
        for (var rows = 0; rows + LONG <= RowTurns.ROWS; rows += LONG) {
            enter("greedy", LONG);
        }
        assertThat(begun).hasSize(RowTurns.ROWS / LONG);
        assertThat(turns.free()).isZero();

        enter("polite", 1);
        assertThat(begun).doesNotContain("polite");

        turns.leave(LONG);
        assertThat(begun).contains("polite");
    }

    @Test
    void requestersTakeTurnsAndNobodyOvertakesALongOne() {
        enter("first", RowTurns.ROWS);
        enter("greedy", LONG);
        enter("greedy", LONG);
        enter("polite", LONG);
        begun.clear();

        turns.leave(LONG);
        turns.leave(LONG);
        assertThat(begun).containsExactly("greedy", "polite");

        enter("late", 1);
        assertThat(begun).doesNotContain("late");
        turns.leave(LONG);
        turns.leave(LONG);
        assertThat(begun).containsExactly("greedy", "polite", "greedy", "late");
    }

    @Test
    void listCountsByItsLengthUpToAThousand() {
        assertThat(RowTurns.counted(1)).isEqualTo(1);
        assertThat(RowTurns.counted(LONG)).isEqualTo(LONG);
        assertThat(RowTurns.counted(LONG + 1)).isEqualTo(LONG);
        assertThat(RowTurns.counted(0)).isEqualTo(LONG);
    }

    private void enter(String requester, int rows) {
        turns.enter(requester, rows, () -> begun.add(requester));
    }
}
