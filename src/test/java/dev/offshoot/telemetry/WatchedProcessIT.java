package dev.offshoot.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the packaged service is watched in production: its log, and the traces that a collector gets. */
class WatchedProcessIT {
    @TempDir
    Path folder;

    private final CuttingProxy database = new CuttingProxy(TestDatabase.uri());
    private final List<String> exported = new CopyOnWriteArrayList<>();
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
        var address = "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces";
        try (var service = start(Map.of("offshoot.tracing.endpoint", address))) {
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
        server.createContext("/v1/traces", exchange -> {
            exported.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
