package dev.offshoot.api.http;

import dev.offshoot.apikey.Caller;
import io.opentelemetry.api.trace.Span;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** One request as it is watched, from its arrival until its answer has gone. */
final class RequestObservation {
    private static final String KEY = RequestObservation.class.getName();

    private final Span span;
    private final long startedAtNanos = System.nanoTime();
    private @Nullable Route route;

    private RequestObservation(Span span) {
        this.span = span;
    }

    static RequestObservation start(RoutingContext routing, Span span) {
        var watched = new RequestObservation(span);
        routing.put(KEY, watched);
        return watched;
    }

    static boolean isWatched(RoutingContext routing) {
        return routing.get(KEY) != null;
    }

    static RequestObservation of(RoutingContext routing) {
        RequestObservation watched = routing.get(KEY);
        if (watched == null) {
            throw new IllegalStateException("a request came in past the front door");
        }
        return watched;
    }

    /** Says who calls: both ids are public, and the key's secret is known to nobody by now. */
    void identified(Caller caller) {
        if (span.isRecording()) {
            span.setAttribute("offshoot.organisation.id", caller.scope().root().toString())
                    .setAttribute("offshoot.key.id", caller.key().toString());
        }
    }

    /** Says what is called, so that nobody has to look for it again. */
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
