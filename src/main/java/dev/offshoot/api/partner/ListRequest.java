package dev.offshoot.api.partner;

import dev.offshoot.api.read.QueryReader;
import dev.offshoot.failure.Problem;
import dev.offshoot.failure.Problem.Form;
import dev.offshoot.organisation.Listing;
import dev.offshoot.value.OrgId;
import dev.offshoot.value.Parsed;
import jakarta.ws.rs.core.UriInfo;

/** The query of the list of organisations. */
final class ListRequest {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 100;

    private ListRequest() {}

    static Listing read(UriInfo uri) {
        var query = QueryReader.of(uri);
        var limit = query.integer("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
        var skip = query.integer("skip", 0, Integer.MAX_VALUE, 0);
        var withDeleted = query.flag("include_deleted");
        var subtree = query.read("scope", ListRequest::isSubtree).orElse(false);
        var after = query.read("after", OrgId::parse);
        if (query.has("after") && query.has("skip")) {
            query.refuse("after", new Problem.Excludes("skip"));
        }
        query.check();
        return new Listing(subtree, withDeleted, null, after.orElse(null), skip, limit, true);
    }

    private static Parsed<Boolean> isSubtree(String raw) {
        return raw.equals("subtree") || raw.equals("children")
                ? Parsed.good(raw.equals("subtree"))
                : Parsed.malformed(Form.LIST_SCOPE);
    }
}
