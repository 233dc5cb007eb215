package dev.offshoot.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What OpenTelemetry's variables make of a span, without a collector. What a collector gets is {@code WatchedProcessIT}'s. */
class TracingSdkTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final Kept kept = new Kept();
    private Traces traces;

    @AfterEach
    void stop() {
        traces.stop();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // sampler, argument, the caller's flag, and whether the request is sent
                "-, -, -, true",
                "-, -, 01, true",
                "-, -, 00, false",
                "parentbased_traceidratio, 0, -, false",
                "parentbased_traceidratio, 0, 01, true",
                "parentbased_traceidratio, 1, 00, false",
                "parentbased_traceidratio, -, -, true",
                "parentbased_always_off, -, -, false",
                "parentbased_always_off, -, 01, true",
                "traceidratio, 0, 01, false",
                "traceidratio, 1, 00, true",
                "always_off, -, 01, false",
                "always_on, -, 00, true"
            })
    void samplerDecidesWhichRequestsAreSent(String sampler, String argument, String flag, boolean sent) {
        var changes = new HashMap<String, String>();
        if (sampler != null) {
            changes.put("otel.traces.sampler", sampler);
        }
        if (argument != null) {
            changes.put("otel.traces.sampler.arg", argument);
        }

        request(changes, flag);

        assertThat(kept.spans).hasSize(sent ? 1 : 0);
    }

    @Test
    void serviceIsOffshootUnlessItIsNamed() {
        assertThat(nameOf(Map.of())).isEqualTo("offshoot");
        assertThat(nameOf(Map.of("otel.service.name", "mine"))).isEqualTo("mine");
        assertThat(nameOf(Map.of("otel.resource.attributes", "service.name=mine")))
                .isEqualTo("mine");
        assertThat(nameOf(Map.of("otel.service.name", "mine", "otel.resource.attributes", "service.name=other")))
                .isEqualTo("mine");
    }

    @Test
    void resourceAttributesAreDecodedAndEachProcessHasAnIdOfItsOwn() {
        var some = resource(Map.of("otel.resource.attributes", "deployment.environment.name=a%2Cb,team=x"));
        var other = resource(Map.of());
        var named = resource(Map.of("otel.resource.attributes", "service.instance.id=pod-1"));

        assertThat(attribute(some, "deployment.environment.name")).isEqualTo("a,b");
        assertThat(attribute(some, "team")).isEqualTo("x");
        assertThat(attribute(some, "service.instance.id"))
                .hasSize(36)
                .isNotEqualTo(attribute(other, "service.instance.id"));
        assertThat(attribute(named, "service.instance.id")).isEqualTo("pod-1");
    }

    @Test
    void nothingIsGlobal() {
        request(Map.of(), null);

        assertThat(kept.spans).hasSize(1);
        assertThat(GlobalOpenTelemetry.get().getTracerProvider()).isSameAs(TracerProvider.noop());
        assertThat(GlobalOpenTelemetry.get().getPropagators())
                .isSameAs(OpenTelemetry.noop().getPropagators());
    }

    private String nameOf(Map<String, String> changes) {
        return attribute(resource(changes), "service.name");
    }

    private Resource resource(Map<String, String> changes) {
        request(changes, null);
        return kept.spans.get(kept.spans.size() - 1).getResource();
    }

    private static String attribute(Resource resource, String name) {
        return resource.getAttribute(AttributeKey.stringKey(name));
    }

    private void request(Map<String, String> changes, String flag) {
        var values = new HashMap<>(Map.of("otel.exporter.otlp.endpoint", "http://127.0.0.1:9"));
        values.putAll(changes);
        traces = new Traces(TracingVariables.of(values), kept);
        var headers = flag == null
                ? Map.<String, String>of()
                : Map.of("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-" + flag);
        traces.request(headers, new Headers()).end();
        traces.stop();
    }

    private static final class Headers implements TextMapGetter<Map<String, String>> {
        @Override
        public Iterable<String> keys(Map<String, String> headers) {
            return headers.keySet();
        }

        @Override
        public String get(Map<String, String> headers, String name) {
            return headers.get(name);
        }
    }

    private static final class Kept implements SpanExporter {
        private final List<SpanData> spans = new CopyOnWriteArrayList<>();

        @Override
        public CompletableResultCode export(Collection<SpanData> exported) {
            spans.addAll(exported);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
