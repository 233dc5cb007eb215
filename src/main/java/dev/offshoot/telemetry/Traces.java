package dev.offshoot.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * The only place where spans begin. No span begins unless OpenTelemetry's variables name a collector and all of them
 * can be used; without that, nothing is exported and no connection is tried. The class that begins a span sets its
 * attributes, from our own lists and ids, never from what a client wrote.
 */
@Singleton
public class Traces {
    private static final String CURRENT = Traces.class.getName();
    private static final int LAST_EXPORT_SECONDS = 2;

    private final @Nullable SdkTracerProvider provider;
    private final Tracer tracer;

    public Traces(TracingVariables variables, SpanExporter exporter) {
        provider = variables.canBeUsed() ? TracingSdk.provider(variables, exporter) : null;
        tracer = (provider == null ? TracerProvider.noop() : provider).get("dev.offshoot");
    }

    /**
     * Begins the span of a request and makes it the current one of its context, which lives as long as the request. The
     * span continues the caller's trace (W3C Trace Context).
     */
    public <C> Span request(C headers, TextMapGetter<C> getter) {
        if (provider == null) {
            return Span.getInvalid();
        }
        var span = tracer.spanBuilder("request")
                .setParent(caller(W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, getter)))
                .setSpanKind(SpanKind.SERVER)
                .startSpan();
        makeCurrent(span);
        return span;
    }

    /** Begins the span of one run of a background job, and makes it current as {@link #request} does. */
    Span job(String name) {
        if (provider == null) {
            return Span.getInvalid();
        }
        var span = tracer.spanBuilder(name).setNoParent().startSpan();
        makeCurrent(span);
        return span;
    }

    /** Begins the span of a database command. Begins none if no request or job with a span sent the command. */
    Span command(Context caller, String command, String collection) {
        if (!Span.fromContext(caller).getSpanContext().isValid()) {
            return Span.getInvalid();
        }
        return tracer.spanBuilder(command + ' ' + collection)
                .setParent(caller)
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute("db.system.name", "mongodb")
                .setAttribute("db.operation.name", command)
                .setAttribute("db.collection.name", collection)
                .startSpan();
    }

    /** Returns the context of the request or job that is running, which holds its span. */
    public static Context current() {
        var here = Vertx.currentContext();
        return here != null
                        && VertxContext.isDuplicatedContext(here)
                        && here.getLocal(CURRENT) instanceof Context context
                ? context
                : Context.root();
    }

    /** Exports the spans that have ended, before the process does. */
    @PreDestroy
    void stop() {
        if (provider != null) {
            provider.shutdown().join(LAST_EXPORT_SECONDS, TimeUnit.SECONDS);
        }
    }

    /**
     * Returns the caller's span without its {@code tracestate}, which is the caller's own text and has no use further
     * on.
     */
    private static Context caller(Context sent) {
        var span = Span.fromContext(sent).getSpanContext();
        return span.isValid()
                ? Context.root()
                        .with(Span.wrap(SpanContext.createFromRemoteParent(
                                span.getTraceId(), span.getSpanId(), span.getTraceFlags(), TraceState.getDefault())))
                : Context.root();
    }

    /**
     * Makes the span current for everything that runs in the same context, and for the log. Does nothing without such a
     * context.
     */
    private static void makeCurrent(Span span) {
        var here = Vertx.currentContext();
        if (here != null && VertxContext.isDuplicatedContext(here)) {
            here.putLocal(CURRENT, Context.root().with(span));
            MDC.put("traceId", span.getSpanContext().getTraceId());
            MDC.put("spanId", span.getSpanContext().getSpanId());
        }
    }
}
