package dev.offshoot.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.telemetry.TracingVariables.Flaw;
import dev.offshoot.telemetry.TracingVariables.Unusable;
import io.opentelemetry.api.trace.Span;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Variables that can't be used make no span and no failure of their own, so that the start checks come to name them. */
class TracingVariablesTest {
    private static final String ENDPOINT = "otel.exporter.otlp.endpoint";
    private static final String COLLECTOR = "http://127.0.0.1:9";

    @Test
    void withoutACollectorThereAreNoTraces() {
        var variables =
                TracingVariables.of(Map.of("otel.service.name", "offshoot", "otel.traces.sampler", "always_on"));

        assertThat(variables.areOn()).isFalse();
        assertThat(beginsSpans(variables)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {ENDPOINT, "otel.exporter.otlp.traces.endpoint"})
    void withACollectorThereAreTraces(String endpoint) {
        var variables = TracingVariables.of(Map.of(endpoint, COLLECTOR));

        assertThat(variables.unusable()).isEmpty();
        assertThat(beginsSpans(variables)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"otel.sdk.disabled, true", "otel.sdk.disabled, TRUE", "otel.traces.exporter, none"})
    void eachSwitchTurnsTracesOffAndNothingElseIsLookedAt(String property, String value) {
        var variables = with(property, value, "otel.traces.sampler", "unknown");

        assertThat(variables.areOn()).isFalse();
        assertThat(variables.unusable()).isEmpty();
        assertThat(beginsSpans(variables)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "otel.exporter.otlp.endpoint | nonsense | NO_ADDRESS",
                "otel.exporter.otlp.traces.endpoint | ftp://127.0.0.1:9 | NO_ADDRESS",
                "otel.exporter.otlp.endpoint | http:///v1/traces | NO_ADDRESS",
                "otel.exporter.otlp.endpoint | http://127.0.0.1:70000 | NO_ADDRESS",
                "otel.exporter.otlp.endpoint | http://127.0.0.1:9?key=s3cret | NO_ADDRESS",
                "otel.exporter.otlp.endpoint | http://127.0.0.1:9#s3cret | NO_ADDRESS",
                "otel.exporter.otlp.protocol | grpc | OTHER_PROTOCOL",
                "otel.exporter.otlp.traces.protocol | http/json | OTHER_PROTOCOL",
                "otel.traces.exporter | zipkin | OTHER_EXPORTER",
                "otel.traces.exporter | otlp,none | OTHER_EXPORTER",
                "otel.exporter.otlp.headers | s3cret | NO_HEADERS",
                "otel.exporter.otlp.headers | =s3cret | NO_HEADERS",
                "otel.exporter.otlp.headers | api key=s3cret | NO_HEADERS",
                "otel.exporter.otlp.headers | Host=s3cret | NO_HEADERS",
                "otel.exporter.otlp.headers | api-key=s3cret%0A | NO_HEADERS",
                "otel.exporter.otlp.traces.headers | api-key=%s3cret | NO_HEADERS",
                "otel.traces.sampler | jaeger_remote | UNKNOWN_SAMPLER",
                "otel.traces.sampler | ALWAYS_ON | UNKNOWN_SAMPLER",
                "otel.traces.sampler.arg | -0.001 | NO_RATIO",
                "otel.traces.sampler.arg | 1.001 | NO_RATIO",
                "otel.traces.sampler.arg | NaN | NO_RATIO",
                "otel.traces.sampler.arg | half | NO_RATIO",
                "otel.resource.attributes | deployment | NO_ATTRIBUTES",
                "otel.resource.attributes | a=b,=c | NO_ATTRIBUTES",
                "otel.resource.attributes | a=%s3cret | NO_ATTRIBUTES",
                "otel.bsp.schedule.delay | s3cret | REFUSED",
                "otel.exporter.otlp.timeout | s3cret | REFUSED"
            })
    void whatCannotBeUsedIsNamedAndBeginsNoSpan(String property, String value, Flaw flaw) {
        var variables = with(property, value);

        assertThat(variables.unusable())
                .containsExactly(new Unusable(property.toUpperCase(Locale.ROOT).replace('.', '_'), flaw));
        assertThat(variables).asString().doesNotContain("s3cret");
        assertThat(beginsSpans(variables)).isFalse();
    }

    @Test
    void whatTheLibraryRefusesWithoutSayingWhichIsNamedAsAnyOfThem() {
        assertThat(with("otel.exporter.otlp.certificate", "/no/such/s3cret").unusable())
                .containsExactly(new Unusable("OTEL_*", Flaw.REFUSED));
        assertThat(with("otel.exporter.otlp.compression", "s3cret").unusable())
                .containsExactly(new Unusable("OTEL_*", Flaw.REFUSED));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "otel.exporter.otlp.headers | Authorization=Basic%20dXNlcjpz,x-scope=a==",
                "otel.exporter.otlp.headers | a=,b=c",
                "otel.traces.sampler | always_off",
                "otel.traces.sampler | traceidratio",
                "otel.traces.sampler.arg | 0",
                "otel.traces.sampler.arg | 1",
                "otel.resource.attributes | deployment.environment.name=test,k8s.pod.name=a%2Cb",
                "otel.exporter.otlp.compression | gzip",
                // Not for traces, or not for this service.
                "otel.metrics.exporter | prometheus",
                "otel.logs.exporter | otlp",
                "otel.propagators | b3multi"
            })
    void whatCanBeUsedBeginsSpans(String property, String value) {
        var variables = with(property, value);

        assertThat(variables.unusable()).isEmpty();
        assertThat(beginsSpans(variables)).isTrue();
    }

    @Test
    void variableForTracesAloneCountsBeforeThatForEverything() {
        assertThat(with("otel.exporter.otlp.protocol", "grpc", "otel.exporter.otlp.traces.protocol", "http/protobuf")
                        .unusable())
                .isEmpty();
        assertThat(with("otel.exporter.otlp.traces.endpoint", "nonsense").unusable())
                .extracting(Unusable::variable)
                .containsExactly("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
    }

    @Test
    void variablesAreReadFromTheEnvironmentAndSystemPropertiesBeforeIt() {
        var config = new SmallRyeConfigBuilder()
                .withSources(
                        new EnvConfigSource(
                                Map.of(
                                        "OTEL_EXPORTER_OTLP_ENDPOINT", "http://environment ",
                                        "OTEL_TRACES_SAMPLER_ARG", "",
                                        "OTEL_SERVICE_NAME", "environment",
                                        "OTELLO", "no variable of OpenTelemetry"),
                                300),
                        new PropertiesConfigSource(Map.of("otel.service.name", "property"), "properties", 400))
                .build();

        assertThat(TracingVariables.of(config).values())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(ENDPOINT, "http://environment", "otel.service.name", "property"));
    }

    private static TracingVariables with(String... changes) {
        var values = new HashMap<>(Map.of(ENDPOINT, COLLECTOR));
        for (var i = 0; i < changes.length; i += 2) {
            values.put(changes[i], changes[i + 1]);
        }
        return TracingVariables.of(values);
    }

    private static boolean beginsSpans(TracingVariables variables) {
        var traces = new Traces(variables, Collector.exporter(variables));
        try {
            return traces.job("job") != Span.getInvalid();
        } finally {
            traces.stop();
        }
    }
}
