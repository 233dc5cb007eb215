package dev.offshoot.api.partner;

import dev.offshoot.api.http.Incoming;
import dev.offshoot.scope.Page;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
            response.header("Link", "<" + target(request, id.apply(last)) + ">; rel=\"next\"");
        }
        return response.build();
    }

    private static String target(Incoming request, String after) {
        var query = request.http().query();
        var kept = Arrays.stream((query == null ? "" : query).split("&"))
                .filter(pair -> !pair.isEmpty() && !REPLACED.contains(pair.split("=", 2)[0]));
        return Stream.concat(kept, Stream.of("after=" + after))
                .collect(Collectors.joining("&", request.path() + "?", ""));
    }
}
