package dev.offshoot.telemetry;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Where spans are sent: to the configured collector by OTLP over HTTP, or nowhere.
 *
 * <p>The exporter looks its sender up as a service, of which native images know only what they are told.
 */
@RegisterForReflection(classNames = "io.opentelemetry.exporter.sender.jdk.internal.JdkHttpSenderProvider")
final class Collector {
    @Produces
    @Singleton
    @DefaultBean
    SpanExporter exporter(@ConfigProperty(name = "offshoot.tracing.endpoint") Optional<String> endpoint) {
        return endpoint.filter(Traces::isEndpoint)
                .<SpanExporter>map(address ->
                        OtlpHttpSpanExporter.builder().setEndpoint(address).build())
                .orElseGet(SpanExporter::composite);
    }
}
