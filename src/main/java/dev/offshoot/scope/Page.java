package dev.offshoot.scope;

import java.util.List;
import java.util.OptionalLong;

/**
 * One page of a list.
 *
 * @param total how many records all pages have together, if they were counted
 * @param more whether another page follows
 */
public record Page<R>(List<R> records, OptionalLong total, boolean more) {
    public Page {
        records = List.copyOf(records);
    }

    /**
     * Makes a page of at most {@code limit} records. The caller fetches one record more than that, to see whether
     * another page follows.
     */
    public static <R> Page<R> of(List<R> fetched, int limit, OptionalLong total) {
        var more = fetched.size() > limit;
        return new Page<>(more ? fetched.subList(0, limit) : fetched, total, more);
    }
}
