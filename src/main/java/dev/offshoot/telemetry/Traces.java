package dev.offshoot.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * The only place where spans begin, and none does unless a collector is configured: without one nothing is ever exported,
 * and no connection tried. Settings that can't be used are as none here; the start checks refuse them. Nothing but what is said here becomes part of a span, least of all what a client wrote.
 */
@Singleton
public class Traces {
    private static final String CURRENT = Traces.class.getName();
    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final int LAST_EXPORT_SECONDS = 2;

    private final @Nullable SdkTracerProvider provider;
    private final Tracer tracer;

    Traces(
            @ConfigProperty(name = "offshoot.tracing.endpoint") Optional<String> endpoint,
            @ConfigProperty(name = "offshoot.tracing.sampled") double sampled,
            SpanExporter exporter) {
        provider =
                endpoint.filter(Traces::isEndpoint).isPresent() && isPart(sampled) ? provider(sampled, exporter) : null;
        tracer = (provider == null ? TracerProvider.noop() : provider).get("dev.offshoot");
    }

    /** Whether spans can be sent there at all, as far as the text tells. */
    public static boolean isEndpoint(String text) {
        try {
            var address = new URI(text);
            return SCHEMES.contains(String.valueOf(address.getScheme())) && address.getHost() != null;
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    /** Whether it is a part of the requests that can be traced: between none and all. */
    public static boolean isPart(double sampled) {
        return sampled >= 0 && sampled <= 1;
    }

    /**
     * Begins the span of a request and makes it the current one of its context, which lives as long as the request. It
     * continues the caller's trace (W3C Trace Context).
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

    /** Begins the span of one run of a background job, as {@link #request} does. */
    Span job(String name) {
        if (provider == null) {
            return Span.getInvalid();
        }
        var span = tracer.spanBuilder(name).setNoParent().startSpan();
        makeCurrent(span);
        return span;
    }

    /** Begins the span of a database command; none where nobody waits for it whose span it could belong to. */
    Span command(Context caller, String name) {
        if (!Span.fromContext(caller).getSpanContext().isValid()) {
            return Span.getInvalid();
        }
        return tracer.spanBuilder(name)
                .setParent(caller)
                .setSpanKind(SpanKind.CLIENT)
                .startSpan();
    }

    /** The context of the request or job that runs here, whose span is the current one. */
    static Context current() {
        var here = Vertx.currentContext();
        return here != null
                        && VertxContext.isDuplicatedContext(here)
                        && here.getLocal(CURRENT) instanceof Context context
                ? context
                : Context.root();
    }

    /** Sends what has ended, before the process does. */
    @PreDestroy
    void stop() {
        if (provider != null) {
            provider.shutdown().join(LAST_EXPORT_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** The caller's span without its {@code tracestate}, which is the caller's own text and of use to nobody further on. */
    private static Context caller(Context sent) {
        var span = Span.fromContext(sent).getSpanContext();
        return span.isValid()
                ? Context.root()
                        .with(Span.wrap(SpanContext.createFromRemoteParent(
                                span.getTraceId(), span.getSpanId(), span.getTraceFlags(), TraceState.getDefault())))
                : Context.root();
    }

    /** For all that runs in the same context, and for the log. Where there is none, nothing follows that could be told. */
    private static void makeCurrent(Span span) {
        var here = Vertx.currentContext();
        if (here != null && VertxContext.isDuplicatedContext(here)) {
            here.putLocal(CURRENT, Context.root().with(span));
            MDC.put("traceId", span.getSpanContext().getTraceId());
            MDC.put("spanId", span.getSpanContext().getSpanId());
        }
    }

    private static SdkTracerProvider provider(double sampled, SpanExporter exporter) {
        var service = Attributes.of(
                AttributeKey.stringKey("service.name"),
                "offshoot",
                AttributeKey.stringKey("service.instance.id"),
                UUID.randomUUID().toString());
        return SdkTracerProvider.builder()
                .setResource(Resource.getDefault().merge(Resource.create(service)))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(sampled)))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setScheduleDelay(LONGEST_WAIT)
                        .build())
                .build();
    }
}
