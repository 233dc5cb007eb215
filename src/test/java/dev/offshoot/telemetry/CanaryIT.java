package dev.offshoot.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.Filters;
import com.sun.net.httpserver.HttpServer;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.DigestClient;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.KeySearch;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keys, good ones and bad, are sent to the packaged service wherever a client may put them, and looked for wherever the
 * service may leave them: its log at the finest level, its metrics, its traces, its database. {@link KeySearch} looks for
 * those of all other tests.
 */
@Tag("any-database")
class CanaryIT {
    @TempDir
    Path folder;

    private final List<String> exported = new CopyOnWriteArrayList<>();
    private final List<String> keys = new ArrayList<>(List.of(Installation.rootKey()));
    private final HttpServer collector =
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

    CanaryIT() throws IOException {
        collector.createContext("/", exchange -> {
            exported.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
    }

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    @Test
    void noKeyIsLeftAnywhere() {
        try (var service = start()) {
            var partner = canary(service.client(Installation.rootKey())
                    .createPartner("Partner")
                    .partnerKey());
            useGood(service, partner);
            useBad(service, partner);
            var metrics = Http.request(service.management(), "GET", "/q/metrics")
                    .send()
                    .body();
            service.terminate();

            assertThat(metrics).contains("offshoot_keys_verified_total").doesNotContainPattern(KeySearch.KEY);
            assertThat(String.join("\n", exported))
                    .contains("POST /api-keys/verify")
                    .doesNotContainPattern(KeySearch.KEY);
            assertThat(service.output()).contains("\"level\":\"DEBUG\"").doesNotContainPattern(KeySearch.KEY);
            for (var secret : secrets().toList()) {
                assertThat(service.output()).doesNotContain(secret);
                assertThat(String.join("\n", exported)).doesNotContain(secret);
            }
        }
        assertThat(stored()).isNotEmpty().noneMatch(record -> secrets().anyMatch(record::contains));
    }

    /** Through each API: mints, rotates, verifies, reports, is asked for and revoked. */
    private void useGood(ServiceProcess service, String partner) {
        var own = service.client(partner);
        var created = own.create("Customer");
        var again = Map.of("Idempotency-Key", partner);
        for (var number = 0; number < 2; number++) {
            var answer = own.call("POST", "/organisations", Http.text(PartnerClient.body("Again")), again);
            canary(answer.json().at("/data/organisation/organisation_api_key").textValue());
        }
        var standard = canary(created.apiKey());
        var path = PartnerClient.keysOf(created.id());
        var gateway = canary(own.mint("/api-keys", "gateway").secret());
        var owner = own.mint(path, "org_owner");
        canary(owner.secret());
        var rotated = own.rotate(path + "/" + owner.id(), Map.of("overlap_seconds", 60));
        canary(rotated.secret());
        assertThat(service.client(gateway).verify(standard).valid()).isTrue();
        assertThat(Http.request(service.base(), "GET", "/authorize")
                        .headers("x-gateway-key", gateway, "x-api-key", standard)
                        .send()
                        .status())
                .isEqualTo(200);
        new MonoidClient(service.base(), partner).list("");
        new CloudManagerClient(service.base(), partner).create("Other");
        own.revoke(path + "/" + rotated.id());
        var mint = Http.text(Map.of("name", "Again", "roles", List.of("standard")));
        var minted = own.call("POST", path, mint, again("mint")).json().at("/data/api_key");
        canary(minted.get("api_key").textValue());
        var rotation = path + "/" + minted.get("key_id").textValue() + "/rotate";
        var successor = own.call("POST", rotation, "{}", again("rotate")).json().at("/data/api_key/api_key");
        canary(successor.textValue());
        own.delete(created.id());
    }

    private static Map<String, String> again(String write) {
        return Map.of("Idempotency-Key", write);
    }

    /** Keys that nobody has, that have an end, or that stand where none belongs. */
    private void useBad(ServiceProcess service, String partner) {
        var unknown = canary(KeySecret.mint().reveal());
        var base = service.base();
        Stream.of(unknown, partner, unknown.substring(1)).forEach(key -> {
            service.client(key).send("GET", "/organisations?api_key=" + key);
            service.client(partner).send("GET", "/organisations/" + key + "?after=" + key);
            service.client(partner).send("POST", "/api-keys/verify", Map.of("api_key", key, key, key));
            service.client(partner).send("POST", "/organisations", Map.of(key, key, "country", key));
            Http.request(base, "GET", "/api/v1/organisations/" + key)
                    .header("Authorization", "Bearer " + key)
                    .send();
            Http.request(base, "GET", "/" + key)
                    .headers("Authorization", "Basic " + key, "x-gateway-key", key, "X-Request-Id", "a " + key)
                    .send();
            Http.request(base, "POST", "/usage-records")
                    .headers("x-api-key", partner, "Content-Type", "application/json")
                    .body("{\"records\":[\"" + key)
                    .send();
        });
        DigestClient.with(base, unknown).session().send("GET", "/api/public/v1.0/orgs");
        DigestClient.with(base, partner).session().send("GET", "/api/public/v1.0/orgs/" + partner);
    }

    private String canary(String key) {
        keys.add(Objects.requireNonNull(key));
        return key;
    }

    /** What of each key nobody else may know: its random part. Of the key-encryption key, its bytes as they are written. */
    private Stream<String> secrets() {
        return Stream.concat(
                keys.stream().map(key -> key.substring(key.lastIndexOf('_') + 1)),
                Stream.of(Installation.encryptionKey().split(":")[1]));
    }

    private ServiceProcess start() {
        var address = collector.getAddress();
        return ServiceProcess.start(
                folder,
                Map.of(
                        "quarkus.mongodb.connection-string", TestDatabase.uri(),
                        "quarkus.mongodb.database", TestDatabase.name(),
                        "quarkus.log.level", "TRACE",
                        "offshoot.root.key", Installation.rootKey(),
                        "offshoot.key-encryption.current", Installation.encryptionKey(),
                        "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + address.getPort()));
    }

    private static List<String> stored() {
        var all = new ArrayList<String>();
        for (var collection : TestDatabase.data().listCollectionNames()) {
            all.addAll(Stored.bytes(collection, Filters.empty()));
        }
        return all;
    }
}
