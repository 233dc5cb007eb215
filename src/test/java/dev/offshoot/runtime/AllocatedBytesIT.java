package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.Packaged;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a request allocates grows by no more than 5 % unless {@code allocated-bytes.properties} changes with it, and where it
 * shrinks by more than 10 % the file has to say so. The process uses the first compiler alone, which removes no allocations,
 * so that the figures are the same in every run.
 */
@EnabledIf(value = "isWorthwhile", disabledReason = "is about code, so that one database and one packaging tell all")
class AllocatedBytesIT {
    private static final Path BASELINE = Path.of("src/test/resources/allocated-bytes.properties");
    private static final int WARM_UP = 500;
    private static final int REQUESTS = 500;
    private static final int ROUNDS = 2;
    private static final double MOST_GROWTH = 1.05;
    private static final double MOST_SHRINKING = 0.90;

    @TempDir
    Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    static boolean isWorthwhile() {
        return Packaged.hasEmbeddedStore() && !TestDatabase.hasIndexes();
    }

    @Test
    void requestsAllocateWhatTheBaselineSays() throws Exception {
        var java = "java" + Runtime.version().feature() + ".";
        var baseline = new Properties();
        try (var file = Files.newBufferedReader(BASELINE)) {
            baseline.load(file);
        }
        assumeTrue(baseline.containsKey(java + "get"), "there is no baseline for this Java");
        try (var service = ServiceProcess.start(folder, settings())) {
            var measured = measure(service);

            System.out.println("Bytes that a request allocates: " + measured);
            assertThat(measured).as("bytes for each request").allSatisfy((call, bytes) -> {
                var expected = Double.parseDouble(baseline.getProperty(java + call));
                assertThat(bytes).as(call).isPositive();
                assertThat((double) bytes).as(call).isBetween(expected * MOST_SHRINKING, expected * MOST_GROWTH);
            });
            assertThat(measured)
                    .hasSameSizeAs(baseline.stringPropertyNames().stream()
                            .filter(name -> name.startsWith(java))
                            .toList());
        }
    }

    /** On a database in which no other test has left tasks pending, and without the queue that looks for them. */
    private static Map<String, String> settings() {
        return Map.of(
                "quarkus.mongodb.connection-string", TestDatabase.uri(),
                "quarkus.mongodb.database", TestDatabase.newName(),
                "offshoot.root.key", Installation.rootKey(),
                "offshoot.key-encryption.current", Installation.encryptionKey(),
                "offshoot.task-queue.every", "off");
    }

    private Map<String, Long> measure(ServiceProcess service) throws IOException, InterruptedException {
        var calls = calls(service);
        for (var call : calls.values()) {
            send(call, WARM_UP);
        }
        service.recordAllocations(folder);
        var measured = new LinkedHashMap<String, Long>();
        for (var call : calls.entrySet()) {
            measured.put(call.getKey(), fewestBytes(service, call.getValue()));
        }
        return measured;
    }

    private Map<String, HttpRequest> calls(ServiceProcess service) {
        var root = service.client(Installation.rootKey());
        var partner = Objects.requireNonNull(root.createPartner("Partner").partnerKey());
        var client = service.client(partner);
        var customer = client.create("Customer");
        for (var each = 1; each < 50; each++) {
            client.create("Customer " + each);
        }
        var calls = new LinkedHashMap<String, HttpRequest>();
        calls.put("get", request(service, partner, "GET", "/organisations/" + customer.id(), ""));
        calls.put("list", request(service, partner, "GET", "/organisations?limit=50", ""));
        calls.put("verify", request(service, partner, "POST", "/api-keys/verify", body("api_key", customer.apiKey())));
        calls.put("authorize", authorize(service, partner, customer.apiKey()));
        calls.put(
                "update",
                request(
                        service,
                        partner,
                        "PATCH",
                        "/organisations/" + customer.id(),
                        body("organisation_name", "Name")));
        calls.put("create", request(service, partner, "POST", "/organisations", creation()));
        return calls;
    }

    private static HttpRequest request(ServiceProcess service, String key, String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create(service.base() + path))
                .header("x-api-key", key)
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
    }

    private static HttpRequest authorize(ServiceProcess service, String gateway, String key) {
        return HttpRequest.newBuilder(URI.create(service.base() + "/authorize"))
                .header("x-gateway-key", gateway)
                .header("x-api-key", key)
                .build();
    }

    private static String body(String field, String value) {
        return "{\"" + field + "\":\"" + value + "\"}";
    }

    private static String creation() {
        return Http.text(PartnerClient.body("Created"));
    }

    /** The least of several rounds: what else the process does meanwhile adds to it. */
    private long fewestBytes(ServiceProcess service, HttpRequest call) throws IOException, InterruptedException {
        var rounds = LongStream.builder();
        for (var round = 0; round < ROUNDS; round++) {
            var before = service.allocatedBytes(folder);
            send(call, REQUESTS);
            rounds.add((service.allocatedBytes(folder) - before) / REQUESTS);
        }
        return rounds.build().min().orElseThrow();
    }

    private void send(HttpRequest call, int times) throws IOException, InterruptedException {
        for (var each = 0; each < times; each++) {
            assertThat(http.send(call, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
        }
    }
}
