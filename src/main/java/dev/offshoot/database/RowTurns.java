package dev.offshoot.database;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the rows that requests have in memory, from when they are asked for until they have arrived and what can be done
 * with them at once is done. A list that finds no room waits. Requesters take turns, and one has half of the room at most;
 * of one requester's lists the newest is first, so that what completes an answer comes before what begins another. A
 * requester has a bounded number of lists waiting. Short lists don't wait.
 */
final class RowTurns {
    /** With up to 3 KB for a row and what is made of it, 48 MB. */
    static final int ROWS = 16_000;

    static final int MOST_OF_ONE_REQUESTER = ROWS / 2;

    /** A list of so few rows takes no more than the request itself, and does not wait. */
    static final int SHORT = 10;

    static final int MOST_WAITING_OF_ONE_REQUESTER = 128;

    private final FairQueue<Waiting> waiting = new FairQueue<>();
    private final Map<Object, Integer> held = new HashMap<>();
    private int free = ROWS;

    /** One list that waits for its turn, or has it. */
    final class Waiting {
        private final Object requester;
        private final int rows;
        private final Consumer<Waiting> turn;

        private Waiting(Object requester, int rows, Consumer<Waiting> turn) {
            this.requester = requester;
            this.rows = rows;
            this.turn = turn;
        }

        /** Ends the turn. */
        void leave() {
            RowTurns.this.leave(this);
        }

        /** Waits no longer. Does nothing once the turn has come. */
        void giveUp() {
            synchronized (RowTurns.this) {
                waiting.remove(requester, this);
            }
        }
    }

    /** How many rows a list counts as. */
    static int counted(int limit) {
        return Math.min(limit, MOST_OF_ONE_REQUESTER);
    }

    /** @param turn what to do when the turn has come; it ends with {@link Waiting#leave} */
    Waiting prepare(Object requester, int rows, Consumer<Waiting> turn) {
        return new Waiting(requester, rows, turn);
    }

    /** Runs the turn at once or later, unless the requester has too many waiting: then this is false. */
    boolean enter(Waiting list) {
        synchronized (this) {
            if (!fits(list)) {
                if (waiting.sizeOf(list.requester) >= MOST_WAITING_OF_ONE_REQUESTER) {
                    return false;
                }
                waiting.add(list.requester, list);
                return true;
            }
            take(list);
        }
        list.turn.accept(list);
        return true;
    }

    synchronized int free() {
        return free;
    }

    private void leave(Waiting list) {
        synchronized (this) {
            free += list.rows;
            held.computeIfPresent(list.requester, (same, rows) -> rows == list.rows ? null : rows - list.rows);
        }
        for (var next = next(); next != null; next = next()) {
            next.turn.accept(next);
        }
    }

    private synchronized @Nullable Waiting next() {
        return waiting.take(false, this::fits)
                .map(next -> {
                    take(next);
                    return next;
                })
                .orElse(null);
    }

    private boolean fits(Waiting list) {
        return list.rows <= free && held.getOrDefault(list.requester, 0) + list.rows <= MOST_OF_ONE_REQUESTER;
    }

    private void take(Waiting list) {
        free -= list.rows;
        held.merge(list.requester, list.rows, Integer::sum);
    }
}
