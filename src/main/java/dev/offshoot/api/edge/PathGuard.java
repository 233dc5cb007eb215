package dev.offshoot.api.edge;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Keeps a question about {@code /../x} a question. A proxy that asks with the customer's own path behind
 * {@code /authorize} leaves it to the customer to climb out of there by dot segments (RFC 3986, section 5.2.4), and a 200
 * of whatever lies outside, such as an API's public description, would let a request without any key pass.
 */
@Singleton
class PathGuard {
    /** Before everything else that looks at a request. */
    private static final int FIRST = 10_000;

    void raise(@Observes Filters filters) {
        filters.register(PathGuard::keepInside, FIRST);
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
