package dev.offshoot.database;

import org.jspecify.annotations.Nullable;

/**
 * Bounds the rows that requests have in memory, from when they are asked for until the answer is made of them. Whoever
 * finds no room waits; requesters take turns. How many wait is bounded by how many requests are under way.
 */
final class RowTurns {
    /** With up to 3 KB for a row and what is made of it, 48 MB. */
    static final int ROWS = 16_000;

    /** What a long list counts as at most. Few lists are as long as they may be. */
    static final int MOST_OF_ONE = 1000;

    private final FairQueue<Waiting> waiting = new FairQueue<>();
    private int free = ROWS;

    private record Waiting(int rows, Runnable turn) {}

    /** How many rows a list counts as that may have so many; 0 is any number. */
    static int counted(int limit) {
        return limit == 0 ? MOST_OF_ONE : Math.min(limit, MOST_OF_ONE);
    }

    /** Runs the turn at once or later. Each turn ends with {@link #leave}. */
    void enter(Object requester, int rows, Runnable turn) {
        synchronized (this) {
            if (!waiting.isEmpty() || free < rows) {
                waiting.add(requester, new Waiting(rows, turn));
                return;
            }
            free -= rows;
        }
        turn.run();
    }

    void leave(int rows) {
        synchronized (this) {
            free += rows;
        }
        for (var next = next(); next != null; next = next()) {
            next.run();
        }
    }

    synchronized int free() {
        return free;
    }

    private synchronized @Nullable Runnable next() {
        if (waiting.isEmpty() || waiting.peek().rows() > free) {
            return null;
        }
        var next = waiting.remove(true);
        free -= next.rows();
        return next.turn();
    }
}
