package dev.offshoot.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can't be used makes no span and no failure of its own, so that the start checks come to name it. */
class TracingSettingsTest {
    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:9, 0, true",
        "https://127.0.0.1:9, 1, true",
        "http://127.0.0.1:9, -0.001, false",
        "http://127.0.0.1:9, 1.001, false",
        "http://127.0.0.1:9, NaN, false",
        "nonsense, 1, false",
        "http:///v1/traces, 1, false",
        "ftp://127.0.0.1:9, 1, false"
    })
    void onlyWhatCanBeUsedBeginsSpans(String endpoint, double sampled, boolean begins) {
        var exporter = new Collector().exporter(Optional.of(endpoint));
        var traces = new Traces(Optional.of(endpoint), sampled, exporter);
        try {
            assertThat(traces.job("job") != Span.getInvalid()).isEqualTo(begins);
        } finally {
            traces.stop();
        }
    }
}
