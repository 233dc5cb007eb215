package dev.offshoot.scope;

import java.util.List;

/**
 * A part of a list.
 *
 * @param total how many there are in all parts together
 * @param more whether something follows this part
 */
public record Page<R>(List<R> records, long total, boolean more) {
    public Page {
        records = List.copyOf(records);
    }

    /** A page of at most {@code limit} of what was fetched; one record too many tells that more follows. */
    public static <R> Page<R> of(List<R> fetched, int limit, long total) {
        var more = fetched.size() > limit;
        return new Page<>(more ? fetched.subList(0, limit) : fetched, total, more);
    }
}
