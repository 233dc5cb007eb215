package dev.offshoot.scope;

import java.util.List;
import java.util.OptionalLong;

/**
 * A part of a list.
 *
 * @param total how many there are in all parts together, if they were counted
 * @param more whether something follows this part
 */
public record Page<R>(List<R> records, OptionalLong total, boolean more) {
    public Page {
        records = List.copyOf(records);
    }

    /** A page of at most {@code limit} of what was fetched; one record too many tells that more follows. */
    public static <R> Page<R> of(List<R> fetched, int limit, OptionalLong total) {
        var more = fetched.size() > limit;
        return new Page<>(more ? fetched.subList(0, limit) : fetched, total, more);
    }
}
