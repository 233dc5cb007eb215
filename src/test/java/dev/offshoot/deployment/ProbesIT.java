package dev.offshoot.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the manifests and Compose ask of a running service is answered by the packaged one, with their own settings. */
@Tag("any-database")
class ProbesIT {
    private static final Path MANIFESTS = Path.of("src/main/kubernetes");

    @TempDir
    Path folder;

    @Test
    void everyProbeIsAnsweredByTheServiceAsItIsSetUpThere() throws Exception {
        // Given
        var container = Yaml.file(MANIFESTS.resolve("base/deployment.yaml")).at("/spec/template/spec/containers/0");
        try (var service = ServiceProcess.start(folder, settings(container))) {
            // When, Then
            for (var kind : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                var probe = container.at("/" + kind + "/httpGet");
                assertThat(probe.at("/port").textValue()).isEqualTo("management");
                assertThat(status(service, probe.at("/path").textValue()))
                        .as(kind)
                        .isEqualTo(200);
            }
            var monitor = Yaml.file(MANIFESTS.resolve("components/prometheus-operator/service-monitor.yaml"));
            assertThat(status(service, monitor.at("/spec/endpoints/0/path").textValue()))
                    .isEqualTo(200);
            assertThat(composeHealthCheck(service)).isZero();
        }
    }

    @Test
    void portsAreTheServicesOwn() throws Exception {
        var ports = Yaml.file(MANIFESTS.resolve("base/deployment.yaml")).at("/spec/template/spec/containers/0/ports");
        var settings = new Properties();
        try (var reader = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            settings.load(reader);
        }

        assertThat(ports.at("/0/containerPort").asText()).isEqualTo(settings.getProperty("quarkus.http.port"));
        assertThat(ports.at("/1/containerPort").asText()).isEqualTo(settings.getProperty("quarkus.management.port"));
    }

    /** Those with a value in the manifests; those of secrets are the run's. */
    private static Map<String, String> settings(JsonNode container) {
        var settings = new HashMap<>(Map.of(
                "quarkus.mongodb.connection-string", TestDatabase.uri(),
                "quarkus.mongodb.database", TestDatabase.name(),
                "offshoot.root.key", Installation.rootKey(),
                "offshoot.key-encryption.current", Installation.encryptionKey(),
                "offshoot.http.trusted-proxies", "10.244.0.0/16"));
        Yaml.items(container.at("/env"))
                .filter(variable -> variable.has("value"))
                .forEach(variable -> settings.put(
                        variable.at("/name")
                                .textValue()
                                .toLowerCase(java.util.Locale.ROOT)
                                .replace('_', '.'),
                        variable.at("/value").textValue()));
        return settings;
    }

    /** The command of the health check itself, on this service's port. */
    private static int composeHealthCheck(ServiceProcess service) throws Exception {
        var test = Yaml.file(Path.of("compose.yaml")).at("/services/offshoot/healthcheck/test");
        var port = java.net.URI.create(service.management()).getPort();
        var command = Yaml.items(test)
                .skip(1)
                .map(word -> word.textValue().replace("$$", "$").replace("/9000", "/" + port))
                .toList();
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private static int status(ServiceProcess service, String path) {
        return Http.request(service.management(), "GET", path).send().status();
    }
}
