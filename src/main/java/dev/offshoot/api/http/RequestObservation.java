package dev.offshoot.api.http;

import dev.offshoot.apikey.Caller;
import io.opentelemetry.api.trace.Span;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** The observation of one request, from its arrival until its answer has gone. */
final class RequestObservation {
    private static final String KEY = RequestObservation.class.getName();

    private final Span span;
    private final long startedAtNanos = System.nanoTime();
    private @Nullable Route route;

    private RequestObservation(Span span) {
        this.span = span;
    }

    static RequestObservation start(RoutingContext routing, Span span) {
        var observation = new RequestObservation(span);
        routing.put(KEY, observation);
        return observation;
    }

    static boolean isObserved(RoutingContext routing) {
        return routing.get(KEY) != null;
    }

    static RequestObservation of(RoutingContext routing) {
        RequestObservation observation = routing.get(KEY);
        if (observation == null) {
            throw new IllegalStateException("a request came in past the admission filter");
        }
        return observation;
    }

    /** Adds the caller to the span: both ids are public. */
    void identified(Caller caller) {
        if (span.isRecording()) {
            span.setAttribute("offshoot.organisation.id", caller.scope().root().toString())
                    .setAttribute("offshoot.key.id", caller.key().toString());
        }
    }

    /** Keeps the route, so that it is not looked up again. */
    void routed(Route found) {
        route = found;
    }

    @Nullable
    Route route() {
        return route;
    }

    Span span() {
        return span;
    }

    long nanos() {
        return System.nanoTime() - startedAtNanos;
    }
}
