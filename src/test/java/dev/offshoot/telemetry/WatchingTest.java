package dev.offshoot.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.CuttingProxy.Action;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Metrics;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.ObservedInstallation;
import dev.offshoot.testing.PartnerClient;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alerts, dashboard and documents are about what the service tells, after all of it was in use, and about all of that. */
@QuarkusTest
@WithTestResource(value = ObservedInstallation.class, scope = TestResourceScope.MATCHING_RESOURCES)
class WatchingTest {
    private static final Path DOCUMENT = Path.of("src/docs/observability.md");
    private static final Path OPERATING = Path.of("src/docs/operating.md");
    private static final Pattern ROW = Pattern.compile("\\| `([a-z_]+)` \\| (\\w+) \\|([^|]*)\\|([^|]*)\\|.*");
    private static final Pattern NAME = Pattern.compile("`([a-z_]+)`");
    private static final Pattern METRIC = Pattern.compile("\\b(?:offshoot|mongodb|jvm|process|system)_[a-z_]+\\b");
    private static final Pattern LABELS = Pattern.compile("\\b(?:by|on) \\(([^)]*)\\)|([a-z_]+)[!=][=~]?\"");
    private static final Pattern SECTION = Pattern.compile("### (\\w+)");

    /** What Prometheus adds to every series it scrapes. */
    private static final Set<String> OF_THE_TARGET = Set.of("job", "instance");

    private static Metrics metrics;

    @BeforeEach
    void useEverythingOnce() {
        if (metrics == null) {
            useAllApis();
            breakTheDatabaseOnce();
            Awaitility.await("the jobs have run")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> Metrics.scrape().matching("offshoot_job_runs_total", "outcome", "success").stream()
                            .filter(sample -> sample.value() > 0)
                            .anyMatch(sample -> "backlog".equals(sample.labels().get("name"))));
            metrics = withTargetLabels(Metrics.scrape());
        }
    }

    @Test
    void alertsAskForWhatThereIsOnly() throws IOException {
        assertThat(Alerts.read()).isNotEmpty().extracting(Alerts.Alert::query).allSatisfy(WatchingTest::assertExists);
    }

    @Test
    void dashboardAsksForWhatThereIsOnly() throws IOException {
        assertThat(Dashboard.queries()).hasSizeGreaterThan(20).allSatisfy(WatchingTest::assertExists);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rate(offshoot_http_request_seconds_count[5m])",
                "offshoot_http_requests_seconds_count{uri=\"/\"}",
                "sum by (path) (offshoot_http_requests_seconds_count)",
                "vector(1)"
            })
    void madeUpNameWouldBeFound(String query) {
        assertThatThrownBy(() -> assertExists(query)).isInstanceOf(AssertionError.class);
    }

    @Test
    void requestThatTheDatabaseDidNotAnswerIsCounted() {
        assertThat(metrics.matching("offshoot_http_unavailable_total"))
                .anySatisfy(counted -> assertThat(counted.value()).isPositive());
    }

    @Test
    void dashboardTakesItsDataSourceFromAVariable() throws IOException {
        var dashboard = Http.json(Files.readString(Dashboard.FILE));

        assertThat(dashboard.at("/templating/list").findValuesAsText("type")).contains("datasource");
        assertThat(dashboard.get("panels")).allSatisfy(panel -> assertThat(panel.findValues("datasource"))
                .allSatisfy(source -> assertThat(source.get("uid").textValue()).isEqualTo("${datasource}")));
    }

    @Test
    void documentHasEachMetricWithItsTypeAndLabels() throws IOException {
        var documented = new TreeMap<String, String>();
        Files.readAllLines(DOCUMENT).stream()
                .map(ROW::matcher)
                .filter(java.util.regex.Matcher::matches)
                .forEach(row -> documented.put(row.group(1), row.group(2) + " " + names(row.group(4))));
        var spec = new TreeMap<String, String>();
        metrics.types().forEach((name, type) -> {
            if (name.startsWith("offshoot_") || name.startsWith("mongodb_")) {
                spec.put(name, type + " " + labels(name));
            }
        });
        spec.keySet().removeIf(name -> name.endsWith("_max"));

        assertThat(documented).isEqualTo(spec);
    }

    @Test
    void everyAlertHasItsSectionAndEverySectionItsAlert() throws IOException {
        var text = Files.readString(OPERATING);
        var alerts = text.substring(text.indexOf("\n## Alerts\n") + 4);
        var end = alerts.indexOf("\n## ");
        var sections = SECTION.matcher(end < 0 ? alerts : alerts.substring(0, end))
                .results()
                .map(section -> section.group(1))
                .toList();

        assertThat(sections)
                .containsExactlyElementsOf(
                        Alerts.read().stream().map(Alerts.Alert::name).toList());
        assertThat(Alerts.read()).allSatisfy(alert -> assertThat(alert.runbook())
                .isEqualTo(OPERATING + "#" + alert.name().toLowerCase(Locale.ROOT)));
        assertThat(Alerts.read()).extracting(Alerts.Alert::severity).containsOnly("critical", "warning");
    }

    private static void useAllApis() {
        var partner = PartnerClient.newPartner();
        var customer = partner.create("Customer");
        partner.verify(customer.apiKey());
        CloudManagerClient.of(partner).org(customer.id());
        MonoidClient.of(partner).list("");
        Http.request("GET", "/authorize/any")
                .header("x-gateway-key", partner.key())
                .header("x-api-key", customer.apiKey())
                .send();
        Http.request("GET", "/q/openapi").send();
        PartnerClient.with(KeySecret.mint().reveal()).send("GET", "/organisations");
        partner.send("GET", "/no/such/path");
        partner.delete(customer.id());
    }

    private static void breakTheDatabaseOnce() {
        var proxy = ObservedInstallation.proxy();
        proxy.arm(1, Action.CUT_BEFORE);
        try {
            assertThat(PartnerClient.root()
                            .send("POST", "/organisations", PartnerClient.body("Lost"))
                            .status())
                    .isEqualTo(503);
        } finally {
            proxy.heal();
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> PartnerClient.root().send("GET", "/organisations").status() == 200);
    }

    private static Metrics withTargetLabels(Metrics scraped) {
        var samples = scraped.samples().stream()
                .map(sample -> {
                    var labels = new TreeMap<>(sample.labels());
                    OF_THE_TARGET.forEach(label -> labels.put(label, "localhost:9000"));
                    return new Metrics.Sample(sample.name(), labels, sample.value());
                })
                .toList();
        return new Metrics(samples, scraped.types());
    }

    /** The metrics that a query names, and the labels that it selects or groups by. That it is a query, promtool says. */
    private static void assertExists(String query) {
        var series = METRIC.matcher(query).results().map(MatchResult::group).collect(Collectors.toSet());
        var labels = LABELS.matcher(query)
                .results()
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .flatMap(list -> Stream.of(list.split(",")))
                .map(String::strip)
                .filter(label -> !label.isEmpty())
                .collect(Collectors.toSet());
        var named = metrics.samples().stream()
                .filter(sample -> series.contains(sample.name()))
                .toList();

        assertThat(series).as(query).isNotEmpty();
        assertThat(named).as(query).extracting(Metrics.Sample::name).containsAll(series);
        assertThat(named)
                .as(query)
                .flatExtracting(sample -> sample.labels().keySet())
                .containsAll(labels);
    }

    private static Set<String> names(String cell) {
        return NAME.matcher(cell).results().map(name -> name.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Without the target's, and without what a histogram adds. */
    private static Set<String> labels(String metric) {
        var labels = new TreeSet<String>();
        for (var suffix : List.of("", "_count", "_total")) {
            metrics.matching(metric + suffix)
                    .forEach(sample -> labels.addAll(sample.labels().keySet()));
        }
        labels.removeAll(OF_THE_TARGET);
        return labels;
    }
}
