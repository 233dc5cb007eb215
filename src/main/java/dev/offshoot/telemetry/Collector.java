package dev.offshoot.telemetry;

import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;

/**
 * Decides where spans are sent: by OTLP over HTTP to the configured collector, or nowhere.
 *
 * The exporter looks up its sender as a service. A native image finds only services whose classes are registered, so
 * this class registers it.
 */
@RegisterForReflection(classNames = "io.opentelemetry.exporter.sender.jdk.internal.JdkHttpSenderProvider")
final class Collector {
    @Produces
    @Singleton
    static TracingVariables variables(Config config) {
        return TracingVariables.of(config);
    }

    /** Sends nothing if a variable can't be used; the start check names that variable. */
    @Produces
    @Singleton
    @DefaultBean
    static SpanExporter exporter(TracingVariables variables) {
        return variables.canBeUsed() ? TracingSdk.exporter(variables) : SpanExporter.composite();
    }
}
