package dev.offshoot.telemetry;

import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;

/**
 * Where spans are sent: to the configured collector by OTLP over HTTP, or nowhere.
 *
 * <p>The exporter looks its sender up as a service, of which native images know only what they are told.
 */
@RegisterForReflection(classNames = "io.opentelemetry.exporter.sender.jdk.internal.JdkHttpSenderProvider")
final class Collector {
    @Produces
    @Singleton
    static TracingVariables variables(Config config) {
        return TracingVariables.of(config);
    }

    /** A variable that can't be used sends nothing: the start check names it. */
    @Produces
    @Singleton
    @DefaultBean
    static SpanExporter exporter(TracingVariables variables) {
        return variables.canBeUsed() ? TracingSdk.exporter(variables) : SpanExporter.composite();
    }
}
