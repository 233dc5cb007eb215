package dev.offshoot.api.partner;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.offshoot.scope.Page;

/** Which part of a list an answer contains. */
public record Pagination(
        @JsonProperty("current_results") CurrentResults currentResults,

        @JsonProperty("total_results") long totalResults) {

    /**
     * Positions in the list, counted from 1, both inclusive. With {@code after}, they are counted from the first record
     * after it.
     */
    public record CurrentResults(long from, long to) {}

    /** @param page has to have its total */
    static Pagination of(Page<?> page, int skipped) {
        var shown = page.records().size();
        var current = shown == 0 ? new CurrentResults(0, 0) : new CurrentResults(skipped + 1L, (long) skipped + shown);
        return new Pagination(current, page.total().orElseThrow());
    }
}
