package dev.offshoot.api.partner;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.offshoot.organisation.Listing;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.scope.Page;
import java.util.List;

/** The data of the list of organisations. */
public record OrganisationsData(List<OrganisationView> organisations, Pagination pagination) {

    /** Which part of the list this is. */
    public record Pagination(
            @JsonProperty("current_results") CurrentResults currentResults,

            @JsonProperty("total_results") long totalResults) {}

    /** Positions in the list, counted from 1, both inclusive; with {@code after} counted from behind it. */
    public record CurrentResults(long from, long to) {}

    static OrganisationsData of(Page<Organisation> page, Listing listing) {
        var shown = page.records().size();
        var current = shown == 0
                ? new CurrentResults(0, 0)
                : new CurrentResults(listing.skip() + 1L, (long) listing.skip() + shown);
        var views = page.records().stream().map(OrganisationView::of).toList();
        return new OrganisationsData(views, new Pagination(current, page.total().orElseThrow()));
    }
}
