package dev.offshoot.api.monoid;

import dev.offshoot.api.http.Incoming;
import dev.offshoot.api.read.Paging;
import dev.offshoot.api.read.QueryReader;
import dev.offshoot.member.Members.OrganisationWithMembers;
import dev.offshoot.organisation.Listing;
import dev.offshoot.organisation.Listing.Attributes;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Page;
import dev.offshoot.value.OrgId;
import java.util.List;
import java.util.Set;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * Reads the query of the list of organisations, and writes its answer. If more follows, the answer has a link to it
 * (RFC 8288).
 */
final class ListAnswer {
    private static final int MOST = 1000;
    private static final Set<String> REPLACED = Set.of("limit", "offset", "after");

    private ListAnswer() {}

    static Listing read(QueryReader query) {
        var paging = Paging.read(query, "offset", MOST, MOST, OrgId::parse);
        query.check();
        return new Listing(
                true, false, Attributes.ANY, paging.after().orElse(null), paging.skip(), paging.limit(), false);
    }

    static RestResponse<Answer<List<OrganisationView>>> of(
            OrgScope caller, Page<OrganisationWithMembers> page, Listing listing, Incoming request) {
        var views = page.records().stream()
                .map(withMembers -> OrganisationView.of(caller, withMembers.organisation())
                        .with(withMembers.members())
                        .withPlanOf(withMembers.organisation()))
                .toList();
        var response = RestResponse.ResponseBuilder.ok(new Answer<>(views));
        if (page.more()) {
            var last =
                    page.records().get(page.records().size() - 1).organisation().id();
            var query = request.query().with(REPLACED, "limit=" + listing.limit(), "after=" + last);
            response.header("Link", "<?" + query + ">; rel=\"next\"");
        }
        return response.build();
    }
}
