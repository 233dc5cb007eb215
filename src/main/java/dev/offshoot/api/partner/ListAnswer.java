package dev.offshoot.api.partner;

import dev.offshoot.organisation.Listing;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.scope.Page;
import org.jboss.resteasy.reactive.RestResponse;

/** The answer of the list, with a link (RFC 8288) to what follows where something does. */
final class ListAnswer {
    private ListAnswer() {}

    static RestResponse<PartnerAnswer<OrganisationsData>> of(Page<Organisation> page, Listing listing) {
        var answer = PartnerAnswer.of("get_organisations_successful", OrganisationsData.of(page, listing));
        var response = RestResponse.ResponseBuilder.ok(answer);
        if (page.more()) {
            response.header("Link", "<" + next(page, listing) + ">; rel=\"next\"");
        }
        return response.build();
    }

    private static String next(Page<Organisation> page, Listing listing) {
        var last = page.records().get(page.records().size() - 1).id();
        return "/organisations?limit=" + listing.limit()
                + (listing.withDeleted() ? "&include_deleted=true" : "")
                + (listing.subtree() ? "&scope=subtree" : "")
                + "&after=" + last;
    }
}
