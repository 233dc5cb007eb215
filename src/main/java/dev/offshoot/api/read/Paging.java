package dev.offshoot.api.read;

import dev.offshoot.failure.Violation;
import dev.offshoot.value.Parsed;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which part of a list is asked for: {@code limit} records, either behind so many others or behind an id.
 *
 * @param after continue behind this id, which costs the same however far it is
 */
public record Paging<I>(int limit, int skip, Optional<I> after) {

    /**
     * Reads {@code limit}, {@code after} and the parameter that counts, of which only one can be given.
     *
     * @param skip the name of the parameter that counts
     */
    public static <I> Paging<I> read(
            QueryReader query, String skip, int maxLimit, int defaultLimit, Function<String, Parsed<I>> id) {
        var limit = query.integer("limit", 1, maxLimit, defaultLimit);
        var skipped = query.integer(skip, 0, Integer.MAX_VALUE, 0);
        var after = query.read("after", id);
        if (query.has("after") && query.has(skip)) {
            query.refuse(Violation.of("after", "can't be given together with " + skip));
        }
        return new Paging<>(limit, skipped, after);
    }
}
