package dev.offshoot.api.partner;

import dev.offshoot.api.http.Incoming;
import dev.offshoot.scope.Page;
import java.util.Set;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestResponse;

/** The link to what follows a page (RFC 8288): the same query, continued behind the page's last record. */
final class NextLink {
    private static final Set<String> REPLACED = Set.of("after", "skip");

    private NextLink() {}

    /** @param id what the query's {@code after} takes of a record */
    static <A, R> RestResponse<A> on(A answer, Incoming request, Page<R> page, Function<R, String> id) {
        var response = RestResponse.ResponseBuilder.ok(answer);
        if (page.more()) {
            var last = page.records().get(page.records().size() - 1);
            var query = request.query(REPLACED, "after=" + id.apply(last));
            response.header("Link", "<" + request.path() + "?" + query + ">; rel=\"next\"");
        }
        return response.build();
    }
}
