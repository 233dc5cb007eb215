package dev.offshoot.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.offshoot.testing.CuttingProxy;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.Metrics;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the packaged service is observed in production: its log, and the traces that a collector gets. */
@Tag("any-database")
class WatchedProcessIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @TempDir
    Path folder;

    private final CuttingProxy database = new CuttingProxy(TestDatabase.uri());
    private final List<String> exported = new CopyOnWriteArrayList<>();
    private final List<Headers> headers = new CopyOnWriteArrayList<>();
    private volatile int collectorAnswers = 200;
    private final HttpServer collector = startCollector();

    WatchedProcessIT() throws IOException {}

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    @Test
    void everyLineIsJsonAndTellsTheRequestThatCausedIt() {
        try (var service = start(Map.of())) {
            var partner = service.client(service.client(Installation.rootKey())
                    .createPartner("Partner")
                    .partnerKey());
            partner.list("");

            var refused = answerOfABrokenDatabase(partner);

            var lines = lines(service);
            var line = lines.stream()
                    .filter(each -> each.at("/mdc/request").asText().equals(refused.header("X-Request-Id")))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(service.output()));
            assertThat(line.get("level").textValue()).isEqualTo("WARN");
            assertThat(line.at("/mdc/org").textValue()).hasSize(24);
            assertThat(line.at("/mdc").has("traceId")).isFalse();
            assertThat(lines).allSatisfy(each -> assertThat(each.has("message")).isTrue());
            assertThat(service.output()).doesNotContain(partner.key(), Installation.rootKey());
            assertThat(exported).isEmpty();
        }
    }

    @Test
    void withACollectorLinesTellTheirTraceAndSpansArriveWithoutAnyKey() {
        try (var service = start(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", address(collector)))) {
            var partner = service.client(service.client(Installation.rootKey())
                    .createPartner("Partner")
                    .partnerKey());
            partner.list("");

            var refused = answerOfABrokenDatabase(partner);

            var line = lines(service).stream()
                    .filter(each -> each.at("/mdc/request").asText().equals(refused.header("X-Request-Id")))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(service.output()));
            assertThat(line.at("/mdc/traceId").textValue()).hasSize(32);
            assertThat(line.at("/mdc/spanId").textValue()).hasSize(16);
            Awaitility.await("spans arrive")
                    .until(() -> exported.stream().anyMatch(body -> body.contains("GET /organisations")));
            assertThat(String.join("", exported))
                    .contains("offshoot.organisation.id", line.at("/mdc/org").textValue(), "find organisations")
                    .doesNotContain(partner.key(), Installation.rootKey());
        }
    }

    @Test
    void collectorGetsTheHeadersAndAttributesThatOpenTelemetrysVariablesSay() {
        try (var service = start(Map.of(
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", address(collector) + "/of/its/own",
                "OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Bearer%20s3cret,x-scope=tenant",
                "OTEL_SERVICE_NAME", "named-by-the-operator",
                "OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=staging,service.name=other",
                "OTEL_METRICS_EXPORTER", "otlp",
                "OTEL_LOGS_EXPORTER", "otlp",
                "OTEL_PROPAGATORS", "b3"))) {
            service.client(Installation.rootKey()).list("");

            Awaitility.await("spans arrive").until(() -> !exported.isEmpty());
            assertThat(exported.get(0))
                    .contains("named-by-the-operator", "deployment.environment.name", "staging", "service.instance.id")
                    .doesNotContain("other");
            assertThat(headers.get(0).getFirst("Authorization")).isEqualTo("Bearer s3cret");
            assertThat(headers.get(0).getFirst("x-scope")).isEqualTo("tenant");
            assertThat(service.output()).doesNotContain("s3cret");
            assertThat(service.trouble()).isEmpty();
        }
    }

    @Test
    void samplerOfOpenTelemetrysVariablesDecidesWhereTheCallerDoesNot() {
        try (var service = start(Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT", address(collector),
                "OTEL_TRACES_SAMPLER", "parentbased_traceidratio",
                "OTEL_TRACES_SAMPLER_ARG", "0"))) {
            var root = service.client(Installation.rootKey());
            root.send("GET", "/api-keys");
            root.call("GET", "/organisations", null, Map.of("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01"));

            Awaitility.await("spans arrive")
                    .until(() -> String.join("", exported).contains("GET /organisations"));
            assertThat(String.join("", exported)).doesNotContain("/api-keys");
        }
    }

    @Test
    void collectorThatTakesNothingDoesNotFloodTheLog() {
        collectorAnswers = 500;
        try (var service = start(Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                address(collector).replace("://", "://user:s3cret@"),
                "OTEL_BSP_SCHEDULE_DELAY",
                "10"))) {
            var root = service.client(Installation.rootKey());

            Awaitility.await("many are refused").until(() -> {
                root.list("");
                return exported.size() > 20;
            });

            assertThat(service.output().lines().filter(line -> line.contains("Failed to export spans")))
                    .hasSizeBetween(1, 6);
            assertThat(service.output()).doesNotContain("s3cret");
        }
    }

    /** The framework's metrics of both HTTP servers kept a process with one fixed port from starting. */
    @Test
    void aFixedPortAndAFreeOneForManagementGoTogether() throws IOException {
        var port = freePort();
        try (var service = start(Map.of("quarkus.http.port", String.valueOf(port)))) {
            assertThat(service.base()).endsWith(":" + port);
            assertThat(Metrics.scrape(service.management()).names()).contains("offshoot_http_requests_in_flight");
        }
    }

    private ServiceProcess start(Map<String, String> more) {
        var settings = new HashMap<>(Map.of(
                "quarkus.mongodb.connection-string", database.uri(),
                "quarkus.mongodb.database", TestDatabase.name(),
                "offshoot.root.key", Installation.rootKey(),
                "offshoot.key-encryption.current", Installation.encryptionKey()));
        settings.putAll(more);
        return ServiceProcess.start(folder, settings);
    }

    private Http.Answer answerOfABrokenDatabase(PartnerClient partner) {
        database.arm(1, CuttingProxy.Action.CUT_BEFORE);
        try {
            var refused = partner.send("POST", "/organisations", PartnerClient.body("Lost"));
            assertThat(refused.status()).isEqualTo(503);
            return refused;
        } finally {
            database.heal();
        }
    }

    private static List<JsonNode> lines(ServiceProcess service) {
        return service.output().lines().map(Http::json).toList();
    }

    private HttpServer startCollector() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            if (!List.of("/v1/traces", "/of/its/own")
                    .contains(exchange.getRequestURI().getPath())) {
                throw new AssertionError(exchange.getRequestURI());
            }
            headers.add(exchange.getRequestHeaders());
            exported.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(collectorAnswers, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String address(HttpServer collector) {
        return "http://127.0.0.1:" + collector.getAddress().getPort();
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
