package dev.offshoot.api.http;

import dev.offshoot.apikey.Caller;
import dev.offshoot.apikey.KeyCheck;
import dev.offshoot.apikey.KeyMetrics;
import dev.offshoot.apikey.KeyUses;
import dev.offshoot.database.Requester;
import dev.offshoot.failure.Failure;
import dev.offshoot.ratelimit.RateLimiter;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.MDC;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates every request of every API, whatever its path and method, before anything of its body is read. In this
 * order: the key, 401; the address on its list; its rate limit, 429; its role; the path, 404, and its method, 405.
 *
 * <p>The framework makes its filters before the settings are read, for a native image even when that is built. Therefore
 * everything that they use is application-scoped, and made at its first use.
 */
@Singleton
class AuthenticationFilter {
    private final ApiAdapters adapters;
    private final Proxies proxies;
    private final RateLimiter limiter;
    private final KeyUses keyUses;
    private final CurrentRequest current;
    private final ErrorResponder errors;
    private final Failures failures;
    private final KeyMetrics metrics;

    AuthenticationFilter(
            ApiAdapters adapters,
            Proxies proxies,
            RateLimiter limiter,
            KeyUses keyUses,
            CurrentRequest current,
            ErrorResponder errors,
            Failures failures,
            KeyMetrics metrics) {
        this.adapters = adapters;
        this.proxies = proxies;
        this.limiter = limiter;
        this.keyUses = keyUses;
        this.current = current;
        this.errors = errors;
        this.failures = failures;
        this.metrics = metrics;
    }

    @ServerRequestFilter(preMatching = true, nonBlocking = true, priority = RequestFilters.AUTHENTICATION)
    public Uni<@Nullable Response> admit(RoutingContext routing) {
        var id = RequestId.of(routing.request());
        var incoming = proxies.see(id, routing);
        current.start(incoming);
        MDC.put("request", id.value());
        routing.response().putHeader(RequestId.HEADER, id.value()).putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        var adapter = adapters.of(incoming.path());
        return authenticate(adapter, incoming, routing)
                .chain(caller -> adapter.answerItself(caller, incoming))
                .ifNoItem()
                .after(CurrentRequest.DATABASE_TIME)
                .failWith(() -> failures.databaseTooSlow(CurrentRequest.DATABASE_TIME))
                .onFailure()
                .recoverWithItem(failure -> errors.respond(failure, incoming));
    }

    private Uni<Caller> authenticate(ApiAdapter adapter, Incoming request, RoutingContext routing) {
        var observation = RequestObservation.of(routing);
        return Uni.createFrom()
                .deferred(() -> adapter.authenticate(request))
                .invoke(caller -> identify(adapter, caller, request, observation))
                .invoke(caller -> limit(adapter, caller, routing.response()))
                .call(caller -> adapter.preventReplay(caller, request))
                .invoke(caller -> admit(adapter, caller, request, observation));
    }

    private void identify(ApiAdapter adapter, Caller caller, Incoming request, RequestObservation observation) {
        MDC.put("org", caller.scope().root().toString());
        observation.identified(caller);
        Requester.set(caller.key());
        if (!caller.mayCallFrom(adapter.callerAddress(request))) {
            metrics.refused(KeyCheck.Reason.IP_NOT_ALLOWED);
            throw adapter.addressRefused(request).asException();
        }
    }

    private void limit(ApiAdapter adapter, Caller caller, HttpServerResponse response) {
        var result = limiter.take(caller.key(), caller.rateLimit(), 1);
        result.filter(any -> adapter.tellsRateLimit()).ifPresent(found -> RateLimitHeaders.put(response, found));
        result.filter(found -> !found.allowed()).ifPresent(refused -> {
            metrics.refused(KeyCheck.Reason.RATE_LIMITED);
            throw refused.failure().asException();
        });
    }

    private void admit(ApiAdapter adapter, Caller caller, Incoming request, RequestObservation observation) {
        observation.routed(route(adapter, caller, request));
        keyUses.count(caller, adapter.callerAddress(request));
        current.admit(caller);
    }

    private Route route(ApiAdapter adapter, Caller caller, Incoming request) {
        var route = adapter.routes()
                .find(request.method(), request.path())
                .filter(found -> request.hasCanonicalPath() || found.takesEverythingBeneath());
        var allowed = route.map(found -> caller.hasAny(found.roles())).orElseGet(() -> adapter.knows(caller));
        if (!allowed) {
            metrics.refused(KeyCheck.Reason.ROLE);
            throw adapter.roleRefused(caller).asException();
        }
        return route.orElseThrow(() -> request.hasCanonicalPath()
                ? adapter.routes().missing(request.path()).asException()
                : new Failure.NotFound(Failure.Subject.PATH).asException());
    }
}
