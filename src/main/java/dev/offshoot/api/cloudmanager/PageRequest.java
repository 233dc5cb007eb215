package dev.offshoot.api.cloudmanager;

import dev.offshoot.api.http.Incoming;
import dev.offshoot.api.read.QueryReader;
import java.util.Set;

/**
 * Which page of a list is asked for.
 *
 * @param given whether the client said so itself
 * @param counted whether the total is wanted
 */
record PageRequest(int number, int size, boolean given, boolean counted) {
    private static final int DEFAULT_SIZE = 100;
    private static final int MAX_SIZE = 500;
    private static final Set<String> REPLACED = Set.of("pageNum", "itemsPerPage");

    /** Tells its violations to the reader. */
    static PageRequest read(QueryReader query) {
        var number = query.integer("pageNum", 1, Integer.MAX_VALUE, 1);
        var size = query.integer("itemsPerPage", 1, MAX_SIZE, DEFAULT_SIZE);
        var given = query.has("pageNum") || query.has("itemsPerPage");
        return new PageRequest(number, size, given, query.flag("includeCount", true));
    }

    /** How many records come before it; more than there can be, where a number would not hold it. */
    int skip() {
        return (int) Math.min((number - 1L) * size, Integer.MAX_VALUE);
    }

    /** The client's query for another page of the same list. */
    String query(Incoming request, int page) {
        return request.query().with(REPLACED, "pageNum=" + page, "itemsPerPage=" + size);
    }
}
