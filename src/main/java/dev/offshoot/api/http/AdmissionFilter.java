package dev.offshoot.api.http;

import dev.offshoot.failure.Failure;
import dev.offshoot.settings.Settings;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Refuses requests before anything else of them is read: more at once than this process takes on (503), and a malformed
 * {@code Host} or a target that is no path (400; RFC 9112, section 3.2), which the framework would answer with a page of
 * its own. It also begins the observation of each request.
 */
@Singleton
class AdmissionFilter {
    private static final int BAD_REQUEST = 400;
    private static final int RETRY_AFTER_SECONDS = 1;
    private static final String FRAMEWORK_PATHS = "/q/";
    private final ErrorResponder errors;
    private final Proxies proxies;
    private final Bodies bodies;
    private final RequestTelemetry telemetry;
    private final int maxInFlight;
    private final AtomicInteger inFlight = new AtomicInteger();

    AdmissionFilter(
            ErrorResponder errors, Proxies proxies, Bodies bodies, RequestTelemetry telemetry, Settings settings) {
        this.errors = errors;
        this.proxies = proxies;
        this.bodies = bodies;
        this.telemetry = telemetry;
        this.maxInFlight = settings.http().maxInFlight();
        telemetry.inFlight(inFlight::get);
    }

    /** The router fails a request whose {@code Host} or target it can't read before any handler sees it. */
    void refuseMalformed(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).failureHandler(routing -> {
            if (!hasPath(routing.request())) {
                refuseMalformed(routing, Failure.MessagePart.TARGET);
            } else if (routing.statusCode() == BAD_REQUEST && routing.request().authority() == null) {
                refuseMalformed(routing, Failure.MessagePart.HOST);
            } else {
                routing.next();
            }
        });
    }

    void register(@Observes Filters filters) {
        filters.register(this::enter, RequestFilters.ADMISSION);
    }

    private void enter(RoutingContext routing) {
        telemetry.observe(routing);
        if (inFlight.incrementAndGet() > maxInFlight && isOurs(routing.request())) {
            inFlight.decrementAndGet();
            telemetry.refusedAsTooMany();
            refuse(routing, new Failure.Unavailable(RETRY_AFTER_SECONDS));
            return;
        }
        routing.addEndHandler(end -> inFlight.decrementAndGet());
        routing.next();
    }

    private void refuseMalformed(RoutingContext routing, Failure.MessagePart part) {
        telemetry.observe(routing);
        telemetry.refusedAsMalformed();
        refuse(routing, new Failure.BadMessage(part));
    }

    private void refuse(RoutingContext routing, Failure failure) {
        var request = routing.request();
        var id = RequestId.of(request.getHeader(RequestId.HEADER));
        var answer = errors.respond(failure, proxies.see(id, routing));
        var response = routing.response().setStatusCode(answer.getStatus());
        response.putHeader(RequestId.HEADER, id.value());
        answer.getStringHeaders().forEach(response::putHeader);
        response.end(Buffer.buffer(bodies.bytes(answer.getEntity())));
    }

    static boolean hasPath(HttpServerRequest request) {
        return request.path() != null && request.path().startsWith("/");
    }

    /** Whether it is no request for a page of the framework's. */
    static boolean isOurs(HttpServerRequest request) {
        return request.path() == null || !request.path().startsWith(FRAMEWORK_PATHS);
    }
}
