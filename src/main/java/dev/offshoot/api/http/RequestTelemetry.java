package dev.offshoot.api.http;

import dev.offshoot.telemetry.Traces;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Times requests by API, route, method and status, and makes each a span. All labels come from our own short lists and
 * never from what a client wrote, so that no client can create more series.
 */
@Singleton
class RequestTelemetry {
    /** The label for no API or no route. */
    private static final String NONE = "none";

    private static final String DOCUMENTATION = "/q/";
    private static final String OTHER_METHOD = "other";
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");
    private static final int SERVER_ERROR = 500;
    private static final Duration[] BUCKETS = Stream.of(1, 5, 10, 25, 50, 100, 250, 500, 1000, 2000, 10_000, 60_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final ApiAdapters adapters;
    private final Traces traces;
    private final MeterRegistry metrics;
    private final Counter tooMany;
    private final Counter malformed;
    private final Map<Series, Timer> timers = new ConcurrentHashMap<>();

    RequestTelemetry(ApiAdapters adapters, Traces traces, MeterRegistry metrics) {
        this.adapters = adapters;
        this.traces = traces;
        this.metrics = metrics;
        this.tooMany = refused("too_many");
        this.malformed = refused("malformed");
    }

    private record Series(String api, String route, String method, int status) {}

    /** Publishes the number of requests under way. */
    void inFlight(IntSupplier count) {
        Gauge.builder("offshoot.http.requests.in.flight", count::getAsInt)
                .description("Requests under way")
                .strongReference(true)
                .register(metrics);
    }

    void refusedAsTooMany() {
        tooMany.increment();
    }

    void refusedAsMalformed() {
        malformed.increment();
    }

    /** Observes the request from now until its answer has been sent, unless its observation has already begun. */
    void observe(RoutingContext routing) {
        if (RequestObservation.isObserved(routing)) {
            return;
        }
        var span = traces.request(routing.request(), Headers.GETTER);
        var observation = RequestObservation.start(routing, span);
        routing.addEndHandler(end -> end(routing, observation, end.succeeded()));
    }

    private void end(RoutingContext routing, RequestObservation observation, boolean answered) {
        var series = series(routing, observation, answered);
        timers.computeIfAbsent(series, this::timer).record(observation.nanos(), TimeUnit.NANOSECONDS);
        var span = observation.span();
        if (span.isRecording()) {
            span.updateName(series.method() + " " + series.route())
                    .setAttribute("http.request.method", series.method())
                    .setAttribute("http.route", series.route())
                    .setAttribute("http.response.status_code", series.status())
                    .setAttribute("offshoot.api", series.api());
            if (!answered || series.status() >= SERVER_ERROR) {
                span.setStatus(StatusCode.ERROR);
            }
        }
        span.end();
    }

    private Series series(RoutingContext routing, RequestObservation observation, boolean answered) {
        var request = routing.request();
        var method =
                METHODS.contains(request.method().name()) ? request.method().name() : OTHER_METHOD;
        var status = answered ? routing.response().getStatusCode() : 0;
        if (request.path() != null && request.path().startsWith(DOCUMENTATION)) {
            return new Series(NONE, NONE, method, status);
        }
        var path = Target.path(routing);
        var adapter = adapters.of(path);
        var route = observation.route() == null
                ? adapter.routes().find(method, path).map(Route::path).orElse(NONE)
                : observation.route().path();
        return new Series(adapter.name(), route, method, status);
    }

    private Timer timer(Series series) {
        return Timer.builder("offshoot.http.requests")
                .tag("api", series.api())
                .tag("route", series.route())
                .tag("method", series.method())
                .tag("status", series.status() == 0 ? NONE : String.valueOf(series.status()))
                .serviceLevelObjectives(BUCKETS)
                .description("Requests, by how long each took until its answer had gone")
                .register(metrics);
    }

    private Counter refused(String reason) {
        return Counter.builder("offshoot.http.requests.refused")
                .tag("reason", reason)
                .description("Requests that were refused before anything of them was looked at")
                .register(metrics);
    }

    private enum Headers implements TextMapGetter<HttpServerRequest> {
        GETTER;

        @Override
        public Iterable<String> keys(HttpServerRequest request) {
            return request.headers().names();
        }

        @Override
        public @Nullable String get(@Nullable HttpServerRequest request, String name) {
            return request == null ? null : request.getHeader(name);
        }
    }
}
