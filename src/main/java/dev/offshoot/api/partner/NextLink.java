package dev.offshoot.api.partner;

import dev.offshoot.api.http.Incoming;
import dev.offshoot.scope.Page;
import java.util.Set;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * Adds the link to the next page (RFC 8288): the same query, continued after the page's last record. It is relative, so
 * that it is right whatever path prefix a proxy adds or takes away.
 */
final class NextLink {
    private static final Set<String> REPLACED = Set.of("after", "skip");

    private NextLink() {}

    /** @param id returns the value of the parameter {@code after} that continues after a record */
    static <A, R> RestResponse<A> on(A answer, Incoming request, Page<R> page, Function<R, String> id) {
        var response = RestResponse.ResponseBuilder.ok(answer);
        if (page.more()) {
            var last = page.records().get(page.records().size() - 1);
            var query = request.query().with(REPLACED, "after=" + id.apply(last));
            response.header("Link", "<?" + query + ">; rel=\"next\"");
        }
        return response.build();
    }
}
