package dev.offshoot.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Http;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The alert rules as Prometheus' own tool reads and tries them. It is skipped and named where
 * {@code src/test/clients/install.sh} could not get one.
 */
@Tag("any-database")
class AlertRulesTest {
    private static final Path PROMTOOL =
            Path.of("target/clients/prometheus/promtool").toAbsolutePath();

    @BeforeAll
    static void requirePromtool() {
        if (!Files.isExecutable(PROMTOOL)) {
            var reason =
                    "The alert rules and the dashboard were not tried: promtool is not installed here (src/test/clients/install.sh).";
            System.out.println(reason);
            Assumptions.abort(reason);
        }
    }

    @Test
    void rulesAreWellFormed() throws Exception {
        assertSucceeds(
                "check", "rules", Path.of("src/main/prometheus/alerts.yaml").toString());
    }

    /** Each as a rule of its own, with what Grafana puts in the place of its variables. */
    @Test
    void dashboardsQueriesAreWellFormed(@TempDir Path folder) throws Exception {
        var rules = new ArrayList<Map<String, String>>();
        for (var query : Dashboard.queries()) {
            var expression = query.replace("$__rate_interval", "5m").replaceAll("\\$[a-z]+", "any");
            rules.add(Map.of("record", "query:" + rules.size(), "expr", expression));
        }
        var group = Map.of("name", "dashboard", "rules", rules);
        var file = folder.resolve("dashboard.yaml");
        Files.writeString(file, Http.text(Map.of("groups", List.of(group))));

        assertSucceeds("check", "rules", file.toString());
    }

    @Test
    void alertsFireForWhatTheyAreForAndOnlyThen() throws Exception {
        assertSucceeds(
                "test", "rules", Path.of("src/test/prometheus/alerts_test.yaml").toString());
    }

    @Test
    void everyAlertIsTried() throws Exception {
        var tests = Files.readString(Path.of("src/test/prometheus/alerts_test.yaml"));

        assertThat(Alerts.read()).allSatisfy(alert -> assertThat(tests).contains("alertname: " + alert.name() + "\n"));
    }

    private static void assertSucceeds(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(PROMTOOL.toString()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }
}
