package dev.offshoot.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checker of queries finds what does not exist, and nothing else. */
class PromQlTest {
    private static final Metrics METRICS = Metrics.parse("""
            # TYPE requests_seconds histogram
            requests_seconds_bucket{api="partner",status="200",le="0.1"} 1.0
            requests_seconds_count{api="partner",status="200"} 1.0
            requests_seconds_count{api="partner",status="503"} 1.0
            # TYPE lag_seconds gauge
            lag_seconds 0.5
            """);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lag_seconds > 5",
                "sum by (api) (rate(requests_seconds_count{api=\"partner\", status=~\"5..\"}[5m])) > 0.01",
                "sum(rate(requests_seconds_count{status!=\"200\"}[5m])) by (api)",
                "histogram_quantile(0.99, sum by (le, api) (rate(requests_seconds_bucket[$__rate_interval]))) >= 1",
                "time() - max(lag_seconds) > 300 and on () absent(lag_seconds)",
                "sum(rate(requests_seconds_count{api=~\"$api\"}[5m])) / on (api) group_left requests_seconds_count"
            })
    void whatExistsIsFound(String query) {
        assertThat(PromQl.missing(query, METRICS)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "made_up > 5 | metric made_up",
                "rate(requests_seconds_total[5m]) | metric requests_seconds_total",
                "sum(lag_seconds) + made_up{api=\"x\"} | metric made_up",
                "requests_seconds_count{uri=\"/\"} | label uri of requests_seconds_count",
                "requests_seconds_count{api=\"partners\"} | value partners of label api of requests_seconds_count",
                "requests_seconds_count{status=~\"4..\"} | value 4.. of label status of requests_seconds_count",
                "sum by (route) (requests_seconds_count) | label route to group by",
                "max(lag_seconds) by (api) | label api to group by",
                "vector(1) | no metric at all"
            })
    void whatDoesNotExistIsNamed(String query, String missing) {
        assertThat(PromQl.missing(query, METRICS)).contains(missing);
    }

    @Test
    void seriesAreRead() {
        assertThat(METRICS.value("requests_seconds_count", "status", "503")).isEqualTo(1);
        assertThat(METRICS.names()).containsExactlyInAnyOrder("requests_seconds", "lag_seconds");
    }
}
