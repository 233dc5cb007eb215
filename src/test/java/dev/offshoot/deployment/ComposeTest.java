package dev.offshoot.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.offshoot.apikey.KeyUses;
import dev.offshoot.database.DatabaseGate;
import dev.offshoot.provisioning.BatchConfirmation;
import dev.offshoot.usage.RequestCounter;
import dev.offshoot.value.AddressRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What sets up one machine: valid by the Compose specification's schema, and right in what no schema sees. */
class ComposeTest {
    private static final Path FILE = Path.of("compose.yaml");

    @TempDir
    Path folder;

    private final JsonNode compose = Yaml.file(FILE);

    @Test
    void isValid() {
        var checked = check(FILE);

        assertThat(checked.code()).as(checked.output()).isZero();
    }

    @Test
    void whatIsMisspelledIsNotValid() throws IOException {
        var misspelled = folder.resolve("compose.yaml");
        Files.writeString(misspelled, Yaml.text(FILE).replace("depends_on:", "depend_on:"));

        assertThat(check(misspelled).code()).isNotZero();
    }

    @Test
    void everyVariableIsASetting() {
        assertThat(compose.at("/services").properties().stream()
                        .flatMap(service -> service.getValue().at("/environment").properties().stream())
                        .map(Map.Entry::getKey))
                .contains("QUARKUS_MONGODB_CONNECTION_STRING")
                .isSubsetOf(KnownSettings.known());
    }

    @Test
    void nothingSecretStandsInIt() {
        assertThat(Yaml.text(FILE)).doesNotContain("osk_").doesNotContainPattern("mongodb(\\+srv)?://[^/]*@");
        assertThat(service("offshoot").at("/environment").properties().stream().map(Map.Entry::getKey))
                .doesNotContain("OFFSHOOT_ROOT_KEY", "OFFSHOOT_KEY_ENCRYPTION_CURRENT");
    }

    @Test
    void settingsAreMintedBeforeTheServiceStartsAndReadByItAlone() {
        var file =
                service("offshoot").at("/environment/SMALLRYE_CONFIG_LOCATIONS").textValue();
        assertThat(Yaml.items(service("settings").at("/command")).map(JsonNode::textValue))
                .containsExactly("mint-settings", file);
        assertThat(service("settings").at("/volumes/0").textValue())
                .isEqualTo("settings:" + Path.of(file).getParent());
        assertThat(service("offshoot").at("/volumes/0").textValue())
                .isEqualTo("settings:" + Path.of(file).getParent() + ":ro");
        assertThat(service("mongodb").at("/volumes").toString()).doesNotContain("settings");
        assertThat(service("offshoot").at("/depends_on/settings/condition").textValue())
                .isEqualTo("service_completed_successfully");
        for (var dockerfile : List.of("Dockerfile.jvm", "Dockerfile.native")) {
            assertThat(Yaml.text(Path.of(dockerfile)))
                    .containsPattern("COPY --from=build --chown=10001:10001 \\S+ "
                            + Path.of(file).getParent() + "\n");
        }
    }

    @Test
    void serviceWaitsForADatabaseThatTakesWrites() {
        assertThat(service("offshoot").at("/depends_on/mongodb/condition").textValue())
                .isEqualTo("service_healthy");
        var health = service("mongodb").at("/healthcheck/test").toString();
        assertThat(health).contains("rs.initiate", "'mongodb:27017'", "isWritablePrimary");
        assertThat(service("mongodb").at("/command").toString()).contains("--replSet", "rs0");
        assertThat(service("offshoot")
                        .at("/environment/QUARKUS_MONGODB_CONNECTION_STRING")
                        .textValue())
                .isEqualTo("mongodb://mongodb:27017/?replicaSet=rs0");
    }

    @Test
    void onlyThisMachineReachesTheServiceAndNobodyTheDatabase() {
        assertThat(service("offshoot").at("/ports")).hasSize(2).allMatch(port -> port.textValue()
                .startsWith("127.0.0.1:"));
        assertThat(service("mongodb").has("ports")).isFalse();
        assertThat(service("mongodb").at("/networks").toString()).isEqualTo("[\"database\"]");
        assertThat(compose.at("/networks/database/internal").booleanValue()).isTrue();
    }

    @Test
    void gatewayIsTheTrustedProxy() {
        var outside = compose.at("/networks/outside/ipam/config/0");
        var gateway = outside.at("/gateway").textValue();

        assertThat(service("offshoot")
                        .at("/environment/OFFSHOOT_HTTP_TRUSTED_PROXIES")
                        .textValue())
                .isEqualTo(gateway);
        assertThat(AddressRange.parse(outside.at("/subnet").textValue())
                        .orElseThrow()
                        .contains(AddressRange.parseAddress(gateway).orElseThrow()))
                .isTrue();
    }

    @Test
    void ourContainersMayDoNothing() {
        assertThat(Stream.of("settings", "offshoot").map(this::service)).allSatisfy(service -> {
            assertThat(service.at("/read_only").booleanValue()).isTrue();
            assertThat(service.at("/cap_drop/0").textValue()).isEqualTo("ALL");
            assertThat(service.at("/security_opt/0").textValue()).isEqualTo("no-new-privileges:true");
        });
    }

    @Test
    void serviceIsGivenTheTimeThatAnEndTakes() throws IOException {
        var settings = new Properties();
        try (var reader = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            settings.load(reader);
        }
        var delay = settings.getProperty("%prod.quarkus.shutdown.delay").replaceFirst(".*:(\\d+s)}$", "$1");
        var timeout = Duration.parse("PT" + settings.getProperty("quarkus.shutdown.timeout"));
        var given = Duration.parse(
                "PT" + service("offshoot").at("/stop_grace_period").textValue());

        assertThat(given)
                .isGreaterThan(Duration.parse("PT" + delay)
                        .plus(timeout)
                        .plus(BatchConfirmation.LAST_FLUSH)
                        .plus(RequestCounter.LAST_FLUSH)
                        .plus(KeyUses.LAST_FLUSH)
                        .plus(DatabaseGate.LAST_COMMANDS));
    }

    private static Checker.Result check(Path file) {
        return Checker.CHECK_JSONSCHEMA.run("--builtin-schema", "vendor.compose-spec", file.toString());
    }

    private JsonNode service(String name) {
        return compose.at("/services/" + name);
    }
}
