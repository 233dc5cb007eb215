package dev.offshoot.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.internal.OtlpConfigUtil;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.EnvironmentResourceProvider;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.ResourceProvider;
import io.opentelemetry.sdk.autoconfigure.spi.internal.DefaultConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.traces.ConfigurableSpanExporterProvider;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Sets up OpenTelemetry's SDK for spans, by its own autoconfiguration from its own variables.
 *
 * <p>The components that autoconfiguration otherwise looks up as services are given to it, so that a native image needs no
 * registration of them, and holds nothing of gRPC, which the library's own exporter provider refers to.
 */
final class TracingSdk {
    private static final String SERVICE_NAME = "otel.service.name";
    private static final Map<String, String> DEFAULTS = Map.of("otel.bsp.schedule.delay", "1000");

    /** There are no metrics, logs or propagators of OpenTelemetry here, whatever its variables say. */
    private static final Map<String, String> ALWAYS = Map.of(
            "otel.traces.exporter", "otlp",
            "otel.metrics.exporter", "none",
            "otel.logs.exporter", "none",
            "otel.propagators", "none",
            "otel.exporter.otlp.traces.protocol", TracingVariables.PROTOCOL);

    private static final Pattern PROPERTY = Pattern.compile("\\botel(\\.[a-z]+)+");

    private TracingSdk() {}

    /** Makes spans that go to this exporter. Nothing is global, and whoever asked shuts it down. */
    static SdkTracerProvider provider(TracingVariables variables, SpanExporter exporter) {
        ResourceProvider process = config -> Resource.create(Attributes.of(
                AttributeKey.stringKey("service.instance.id"), UUID.randomUUID().toString()));
        return AutoConfiguredOpenTelemetrySdk.builder()
                .disableShutdownHook()
                .setComponentLoader(
                        new Components(List.of(process, new EnvironmentResourceProvider(), new Otlp(exporter))))
                .addPropertiesSupplier(() -> DEFAULTS)
                .addPropertiesCustomizer(read -> properties(variables))
                .build()
                .getOpenTelemetrySdk()
                .getSdkTracerProvider();
    }

    /** Sends spans to the collector that the variables name. */
    static SpanExporter exporter(TracingVariables variables) {
        var builder = OtlpHttpSpanExporter.builder();
        OtlpConfigUtil.configureOtlpExporterBuilder(
                OtlpConfigUtil.DATA_TYPE_TRACES,
                DefaultConfigProperties.createFromMap(properties(variables)),
                builder::setComponentLoader,
                builder::setEndpoint,
                builder::addHeader,
                builder::setCompression,
                builder::setTimeout,
                builder::setTrustedCertificates,
                builder::setClientTls,
                builder::setRetryPolicy,
                builder::setMemoryMode);
        return builder.build();
    }

    /**
     * The variable that the library refuses, though none is unusable as far as we know them; {@code OTEL_*} where the
     * library does not say which.
     */
    static Optional<String> refused(TracingVariables variables) {
        try {
            provider(variables, exporter(variables)).shutdown();
            return Optional.empty();
        } catch (RuntimeException refusal) {
            // Its type depends on the variable, and its message may hold the value.
            return Optional.of(PROPERTY.matcher(String.valueOf(refusal.getMessage()))
                    .results()
                    .map(MatchResult::group)
                    .map(TracingVariables::variable)
                    .findFirst()
                    .orElse("OTEL_*"));
        }
    }

    private static Map<String, String> properties(TracingVariables variables) {
        var properties = new HashMap<>(variables.values());
        properties.putIfAbsent("otel.traces.sampler", "parentbased_always_on");
        properties.computeIfAbsent(
                SERVICE_NAME,
                name -> variables.resourceAttribute("service.name").orElse("offshoot"));
        properties.putAll(ALWAYS);
        return properties;
    }

    /** What autoconfiguration finds when it looks for services. */
    private record Components(List<Object> all) implements ComponentLoader {
        @Override
        public <T> Iterable<T> load(Class<T> type) {
            return all.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }

    private record Otlp(SpanExporter exporter) implements ConfigurableSpanExporterProvider {
        @Override
        public String getName() {
            return "otlp";
        }

        @Override
        public SpanExporter createExporter(ConfigProperties config) {
            return exporter;
        }
    }
}
