package dev.offshoot.api.cloudmanager;

import dev.offshoot.api.read.QueryReader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    String query(@Nullable String sent, int page) {
        var kept = Arrays.stream((sent == null ? "" : sent).split("&"))
                .filter(pair -> !pair.isEmpty() && !REPLACED.contains(nameOf(pair)));
        return Stream.concat(kept, Stream.of("pageNum=" + page, "itemsPerPage=" + size))
                .collect(Collectors.joining("&"));
    }

    /** The name of a parameter may be percent-encoded like its value. */
    private static String nameOf(String pair) {
        return URLDecoder.decode(pair.split("=", 2)[0], StandardCharsets.UTF_8);
    }
}
