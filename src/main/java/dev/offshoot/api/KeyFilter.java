package dev.offshoot.api;

import dev.offshoot.apikey.Caller;
import dev.offshoot.failure.Failure;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.MDC;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * The one way in: every request of every API, whatever its path and method, passes here before anything of it is read.
 * In this order: who calls, 401; may that role make the call; is there such a path, 404, and method, 405.
 */
@Singleton
class KeyFilter {
    private final Surfaces surfaces;
    private final CurrentRequest current;
    private final Faults faults;

    KeyFilter(Surfaces surfaces, CurrentRequest current, Faults faults) {
        this.surfaces = surfaces;
        this.current = current;
        this.faults = faults;
    }

    @ServerRequestFilter(preMatching = true, nonBlocking = true)
    public Uni<@Nullable Response> admit(ContainerRequestContext request, RoutingContext routing) {
        var id = RequestId.of(request.getHeaderString(RequestId.HEADER));
        current.start(id);
        MDC.put("request", id.value());
        routing.response().putHeader(RequestId.HEADER, id.value()).putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        var path = routing.request().path();
        var surface = surfaces.of(path);
        return Uni.createFrom()
                .deferred(() -> surface.authenticate(request))
                .ifNoItem()
                .after(CurrentRequest.DATABASE_TIME)
                .failWith(() -> new Failure.Unavailable(1).asException())
                .invoke(caller -> check(surface, caller, request.getMethod(), path))
                .invoke(current::admit)
                .map(caller -> (@Nullable Response) null)
                .onFailure()
                .recoverWithItem(failure -> surface.answer(faults.failure(failure, id), id));
    }

    private static void check(ApiSurface surface, Caller caller, String method, String path) {
        var route = surface.routes().find(method, path);
        var allowed =
                route.map(found -> found.roles().stream().anyMatch(caller::has)).orElseGet(() -> surface.knows(caller));
        if (!allowed) {
            throw surface.roleRefused(caller).asException();
        }
        if (route.isEmpty()) {
            throw surface.routes().missing(path).asException();
        }
    }
}
