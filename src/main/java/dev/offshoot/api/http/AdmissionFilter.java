package dev.offshoot.api.http;

import dev.offshoot.failure.Failure;
import dev.offshoot.settings.Settings;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Refuses requests when there are more at once than this process takes on (503). It also begins the observation of each
 * request.
 */
@Singleton
class AdmissionFilter {
    private static final String FRAMEWORK_PATHS = "/q/";

    private final EarlyAnswer answer;
    private final RequestTelemetry telemetry;
    private final int maxInFlight;
    private final AtomicInteger inFlight = new AtomicInteger();

    AdmissionFilter(EarlyAnswer answer, RequestTelemetry telemetry, Settings settings) {
        this.answer = answer;
        this.telemetry = telemetry;
        this.maxInFlight = settings.http().maxInFlight();
        telemetry.inFlight(inFlight::get);
    }

    void register(@Observes Filters filters) {
        filters.register(this::enter, RequestFilters.ADMISSION);
    }

    private void enter(RoutingContext routing) {
        telemetry.observe(routing);
        if (inFlight.incrementAndGet() > maxInFlight && isOurs(routing.request())) {
            inFlight.decrementAndGet();
            telemetry.refusedAsTooMany();
            answer.refuse(routing, new Failure.Unavailable(Failure.Unavailable.Cause.TOO_MANY_REQUESTS));
            return;
        }
        routing.addEndHandler(end -> inFlight.decrementAndGet());
        routing.next();
    }

    /** Whether it is no request for a page of the framework's. */
    static boolean isOurs(HttpServerRequest request) {
        return request.path() == null || !request.path().startsWith(FRAMEWORK_PATHS);
    }
}
