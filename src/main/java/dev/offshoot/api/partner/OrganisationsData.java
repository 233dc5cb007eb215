package dev.offshoot.api.partner;

import dev.offshoot.organisation.Listing;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.scope.Page;
import java.util.List;

/** The data of the answer that lists organisations. */
public record OrganisationsData(List<OrganisationView> organisations, Pagination pagination) {

    static OrganisationsData of(Page<Organisation> page, Listing listing) {
        var views = page.records().stream().map(OrganisationView::of).toList();
        return new OrganisationsData(views, Pagination.of(page, listing.skip()));
    }
}
