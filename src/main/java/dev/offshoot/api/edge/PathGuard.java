package dev.offshoot.api.edge;

import dev.offshoot.api.http.RequestFilters;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Keeps a question about {@code /../x} a question. A proxy that appends the customer's own path to {@code /authorize} lets
 * the customer climb out of it by dot segments (RFC 3986, section 5.2.4), and a 200 of anything outside, such as an API's
 * public description, would let a request without any key pass. It is the first filter of all.
 */
@Singleton
class PathGuard {
    void register(@Observes Filters filters) {
        filters.register(PathGuard::keepInside, RequestFilters.PATH_GUARD);
    }

    private static void keepInside(RoutingContext routing) {
        if (isInside(routing.request().path()) && !isInside(routing.normalizedPath())) {
            routing.reroute(EdgeAdapter.PREFIX);
        } else {
            routing.next();
        }
    }

    private static boolean isInside(String path) {
        return path.equals(EdgeAdapter.PREFIX) || path.startsWith(EdgeAdapter.PREFIX + "/");
    }
}
