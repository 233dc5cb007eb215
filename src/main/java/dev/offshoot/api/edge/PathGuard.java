package dev.offshoot.api.edge;

import dev.offshoot.api.http.RequestFilters;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Keeps a question a question, whatever the customer's own target is, which a proxy appends to {@code /authorize}: what
 * lies beneath is not read. A customer could climb out by dot segments (RFC 3986, section 5.2.4), and a 200 of anything
 * outside, such as an API's public description, would let a request without any key pass. A bare {@code %} or a brace,
 * which the router can't read, would be refused with a good key.
 */
@Singleton
class PathGuard {
    void register(@Observes Filters filters) {
        filters.register(PathGuard::keepInside, RequestFilters.PATH_GUARD);
    }

    private static void keepInside(RoutingContext routing) {
        var request = routing.request();
        if (isInside(request.path()) && !request.uri().equals(EdgeAdapter.PREFIX)) {
            routing.reroute(EdgeAdapter.PREFIX);
        } else {
            routing.next();
        }
    }

    private static boolean isInside(String path) {
        return path.equals(EdgeAdapter.PREFIX) || path.startsWith(EdgeAdapter.PREFIX + "/");
    }
}
