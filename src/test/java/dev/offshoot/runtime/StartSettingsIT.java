package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.TestDatabase;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With which settings and arguments the packaged service starts, and with which it does not. */
@Tag("any-database")
class StartSettingsIT {
    private static final Pattern SETTING_ROOT_KEY = Pattern.compile("offshoot\\.root\\.key=(osk_\\w+)");
    private static final KeySecret ROOT_KEY = KeySecret.mint();
    private static final List<String> SEVERE = List.of(
            "QUARKUS_MONGODB_WRITE_CONCERN_W",
            "QUARKUS_MONGODB_WRITE_CONCERN_JOURNAL",
            "QUARKUS_MONGODB_READ_PREFERENCE",
            "QUARKUS_HTTP_HOST",
            "OFFSHOOT_KEY_ENCRYPTION_CURRENT");

    @TempDir
    Path folder;

    @Test
    void withoutADatabaseAndAKeyItRefusesAndSaysOfBothWhatToSet() {
        var refused = ServiceProcess.launch(folder, Map.of());

        assertThat(refused.awaitEnd()).isEqualTo(1);
        assertThat(refused.output())
                .contains("QUARKUS_MONGODB_CONNECTION_STRING", "OFFSHOOT_DEMO=true")
                .contains("OFFSHOOT_KEY_ENCRYPTION_CURRENT", "mint-encryption-key")
                .doesNotContain("at dev.offshoot");
    }

    @Test
    void everySevereSettingIsNamedAtOnceAndNoneOfThemRepeatedBeforeTheDatabaseIsTouched() throws Exception {
        try (var database = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var uri = "mongodb://user:s3cret@127.0.0.1:" + database.getLocalPort();
            var refused = ServiceProcess.launch(folder, severe(uri));

            assertThat(refused.awaitEnd()).isEqualTo(1);
            assertThat(lastLines(refused.output(), SEVERE.size() + 1)).first().isEqualTo("Offshoot does not start:");
            assertThat(lastLines(refused.output(), SEVERE.size()))
                    .allMatch(line -> line.startsWith("- "))
                    .map(line -> line.split(" ", -1)[1])
                    .containsExactlyInAnyOrderElementsOf(SEVERE);
            assertThat(refused.output()).doesNotContain("s3cret", "AAAAAAAA", "at dev.offshoot");
            assertThat(hasConnected(database)).isFalse();
        }
    }

    @Test
    void demonstrationIsWarnedOfAllOfThemAndStarts() {
        var settings = new HashMap<>(severe(TestDatabase.uri()));
        settings.put("offshoot.demo", "true");
        settings.remove("offshoot.key-encryption.current");
        try (var started = ServiceProcess.start(folder, settings)) {
            assertThat(started.output()).contains(SEVERE).contains("OFFSHOOT_DEMO is true beside a database");
            assertThat(started.client("").send("GET", "/organisations").status())
                    .isEqualTo(401);
        }
    }

    @Test
    void whatCannotBeUsedRefusesADemonstrationTooWithoutRepeatingIt() {
        var settings = new HashMap<>(StartIT.settings(TestDatabase.newName(), "osk_nonsense"));
        settings.put("offshoot.demo", "true");
        settings.put("offshoot.http.trusted-proxies", "10.0.0.0/8,proxy.example");
        settings.put("offshoot.key-encryption.current", "2026:nonsense");
        settings.put("otel.exporter.otlp.endpoint", "http://user:s3cret@/v1/traces");
        settings.put("otel.exporter.otlp.headers", "Bearer s3cret");
        settings.put("otel.traces.sampler", "some");
        settings.put("otel.traces.sampler.arg", "2");
        settings.put("otel.resource.attributes", "s3cret");
        var refused = ServiceProcess.launch(folder, settings);

        assertThat(refused.awaitEnd()).isEqualTo(1);
        assertThat(lastLines(refused.output(), 8))
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).startsWith("- OFFSHOOT_ROOT_KEY is not a key"),
                        line -> assertThat(line)
                                .startsWith("- OFFSHOOT_HTTP_TRUSTED_PROXIES")
                                .contains("proxy.example"),
                        line -> assertThat(line).startsWith("- OFFSHOOT_KEY_ENCRYPTION_CURRENT is not"),
                        line -> assertThat(line).startsWith("- OTEL_EXPORTER_OTLP_ENDPOINT is not"),
                        line -> assertThat(line).startsWith("- OTEL_EXPORTER_OTLP_HEADERS is not"),
                        line -> assertThat(line).startsWith("- OTEL_TRACES_SAMPLER is not"),
                        line -> assertThat(line).startsWith("- OTEL_TRACES_SAMPLER_ARG is not"),
                        line -> assertThat(line).startsWith("- OTEL_RESOURCE_ATTRIBUTES is not"));
        assertThat(refused.output()).doesNotContain("osk_nonsense", "2026:nonsense", "s3cret");
    }

    @Test
    void openAddressIsServedBehindATrustedProxy() {
        var settings = new HashMap<>(StartIT.settings(TestDatabase.newName(), ROOT_KEY.reveal()));
        settings.putAll(Map.of("quarkus.http.host", "0.0.0.0", "offshoot.http.trusted-proxies", "192.0.2.1"));
        try (var started = ServiceProcess.start(folder, settings)) {
            assertThat(StartIT.list(started, ROOT_KEY)).isEqualTo(200);
            assertThat(started.output()).contains("OFFSHOOT_ROOT_KEY stands on the command line");
        }
    }

    @Test
    void openAddressIsServedWithACertificateAndNothingWithoutIt() throws Exception {
        var store = folder.resolve("certificate.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        assertThat(new ProcessBuilder(
                                keytool,
                                "-genkeypair",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                "changeit",
                                "-alias",
                                "tls",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost")
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        var settings = new HashMap<>(StartIT.settings(TestDatabase.newName(), ROOT_KEY.reveal()));
        settings.putAll(Map.of(
                "quarkus.http.host", "0.0.0.0",
                "quarkus.http.ssl-port", "0",
                "quarkus.http.ssl.certificate.key-store-file", store.toString(),
                "quarkus.http.ssl.certificate.key-store-password", "changeit"));
        var refused = ServiceProcess.launch(folder, settings);
        assertThat(refused.awaitEnd()).isEqualTo(1);
        assertThat(refused.output()).contains("\n- QUARKUS_HTTP_HOST is 0.0.0.0");

        settings.put("quarkus.http.insecure-requests", "disabled");
        try (var started = ServiceProcess.launch(folder, settings)) {
            await().atMost(Duration.ofSeconds(60)).until(() -> started.output().contains("Listening on: "));
            assertThat(started.output())
                    .contains("Listening on: https://0.0.0.0:")
                    .doesNotContain("http://0.0.0.0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mongodb:/user:s3cret@db", "mongodb://user:s3c/ret@db"})
    void malformedConnectionStringRefusesTheStartAndIsNotRepeated(String uri) {
        var settings = new HashMap<>(StartIT.settings(TestDatabase.newName(), ROOT_KEY.reveal()));
        settings.put("quarkus.mongodb.connection-string", uri);
        var refused = ServiceProcess.launch(folder, settings);

        assertThat(refused.awaitEnd()).isEqualTo(1);
        assertThat(lastLines(refused.output(), 2))
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("Offshoot does not start:"), line -> assertThat(line)
                                .startsWith("- QUARKUS_MONGODB_CONNECTION_STRING is not a MongoDB connection string"));
        assertThat(refused.output()).doesNotContain("s3c", "at dev.offshoot");
    }

    /** zstd used to hang the start for ever; its library is not there. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "db.example/?compressors=zstd",
                "db.example/?compressors=snappy",
                "%2Ftmp%2Fdb.sock",
                "db.example/?proxyHost=localhost"
            })
    void databaseThatCannotBeUsedLikeThatRefusesTheStartAndIsNotRepeated(String database) {
        var settings = new HashMap<>(StartIT.settings(TestDatabase.newName(), ROOT_KEY.reveal()));
        settings.put("quarkus.mongodb.connection-string", "mongodb://user:s3cret@" + database);
        var refused = ServiceProcess.launch(folder, settings);

        assertThat(refused.awaitEnd()).isEqualTo(1);
        assertThat(lastLines(refused.output(), 2))
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("Offshoot does not start:"),
                        line -> assertThat(line).startsWith("- QUARKUS_MONGODB_CONNECTION_STRING names a "));
        assertThat(refused.output()).doesNotContain("s3cret", "at dev.offshoot");
    }

    @ParameterizedTest
    @CsvSource({"79,80,MIN", "1,0,MAX", "-1,0,MAX"})
    void poolThatCannotBeRefusesTheStart(String most, String fewest, String named) {
        var settings = new HashMap<>(StartIT.settings(TestDatabase.newName(), ROOT_KEY.reveal()));
        settings.put("quarkus.mongodb.max-pool-size", most);
        settings.put("quarkus.mongodb.min-pool-size", fewest);
        var refused = ServiceProcess.launch(folder, settings);

        assertThat(refused.awaitEnd()).isEqualTo(1);
        assertThat(lastLines(refused.output(), 2))
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("Offshoot does not start:"),
                        line -> assertThat(line).startsWith("- QUARKUS_MONGODB_" + named + "_POOL_SIZE is "));
        assertThat(refused.output()).doesNotContain("at dev.offshoot");
    }

    @Test
    void replicaWithoutBackgroundJobsStartsAndWarns() {
        var settings = new HashMap<>(StartIT.settings(TestDatabase.newName(), ROOT_KEY.reveal()));
        settings.put("quarkus.scheduler.enabled", "false");
        try (var service = ServiceProcess.start(folder, settings)) {
            assertThat(service.output()).contains("QUARKUS_SCHEDULER_ENABLED");
        }
    }

    @Test
    void hostThatCannotBeLookedUpRefusesTheStartAndIsNotRepeated() throws Exception {
        try (var silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            var refused = ServiceProcess.launch(folder, lookedUpAt(silent));

            assertThat(refused.awaitEnd()).isEqualTo(1);
            assertThat(lastLines(refused.output(), 2))
                    .satisfiesExactly(
                            line -> assertThat(line).isEqualTo("Offshoot does not start:"), line -> assertThat(line)
                                    .startsWith("- QUARKUS_MONGODB_CONNECTION_STRING names a host that can't be"));
            assertThat(refused.output()).doesNotContain("s3cret", "at dev.offshoot");
        }
    }

    @Test
    void hostThatCanBeLookedUpIsNotComplainedOf() throws Exception {
        try (var nameServer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            var answering = CompletableFuture.runAsync(() -> answerThatThereIsNothingMore(nameServer));
            var refused = ServiceProcess.launch(folder, lookedUpAt(nameServer));

            assertThat(refused.awaitEnd()).isEqualTo(1);
            assertThat(lastLines(refused.output(), 2))
                    .satisfiesExactly(
                            line -> assertThat(line).isEqualTo("Offshoot does not start:"),
                            line -> assertThat(line).startsWith("- QUARKUS_MONGODB_WRITE_CONCERN_W"));
            assertThat(answering).isNotCompletedExceptionally();
        }
    }

    /** With settings that it would serve with. */
    @ParameterizedTest
    @ValueSource(
            strings = {"reseal-key", "reseal-keys now", "mint-settings", "mint-key mint-key", "--helpful", "serve"})
    void whatIsNoArgumentIsAnsweredWithThoseThereAre(String arguments) {
        var refused = ServiceProcess.launch(
                folder, StartIT.settings(TestDatabase.newName(), ROOT_KEY.reveal()), arguments.split(" ", -1));

        assertThat(refused.awaitEnd()).isEqualTo(2);
        assertThat(refused.output())
                .startsWith("Offshoot, the organisations service")
                .contains("mint-key", "mint-encryption-key", "mint-settings FILE", "reseal-keys")
                .doesNotContain("osk_");
    }

    @Test
    void mintKeyPrintsAKeyAndEnds() {
        var minted = ServiceProcess.launch(folder, Map.of(), "mint-key");

        assertThat(minted.awaitEnd()).isZero();
        assertThat(KeySecret.parse(minted.output().strip())).isPresent();
    }

    @Test
    void mintSettingsWritesWhatAStartNeedsOnceAndForItsOwnerOnly() throws IOException {
        // Given
        var file = folder.resolve("state/settings.properties");
        var minted = ServiceProcess.launch(folder, Map.of(), "mint-settings", file.toString());
        assertThat(minted.awaitEnd()).isZero();
        var written = Files.readString(file);
        var key = SETTING_ROOT_KEY.matcher(written);
        assertThat(key.find()).isTrue();
        assertThat(minted.output()).doesNotContain(key.group(1));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        // When
        var again = ServiceProcess.launch(folder, Map.of(), "mint-settings", file.toString());

        // Then
        assertThat(again.awaitEnd()).isZero();
        assertThat(again.output()).contains("as it is");
        assertThat(Files.readString(file)).isEqualTo(written);
        assertThat(file.getParent()).isDirectoryNotContaining("glob:**.new");
        var settings = Map.of(
                "quarkus.mongodb.connection-string", TestDatabase.uri(),
                "quarkus.mongodb.database", TestDatabase.newName(),
                "smallrye.config.locations", file.toString());
        try (var service = ServiceProcess.start(folder, settings)) {
            assertThat(service.client(key.group(1))
                            .send("GET", "/organisations")
                            .status())
                    .isEqualTo(200);
        }
    }

    /** Settings each of which stops a start by itself, and that a database can still be used with. */
    private static Map<String, String> severe(String connectionString) {
        return Map.of(
                "quarkus.mongodb.connection-string", connectionString,
                "quarkus.mongodb.database", TestDatabase.newName(),
                "quarkus.mongodb.write-concern.w", "1",
                "quarkus.mongodb.write-concern.journal", "false",
                "quarkus.mongodb.read-preference", "primaryPreferred",
                "quarkus.http.host", "0.0.0.0",
                "offshoot.key-encryption.current", "2026:" + "A".repeat(43) + "=");
    }

    /** With a mistake in another setting, which stops the start in any case. */
    private static Map<String, String> lookedUpAt(DatagramSocket nameServer) {
        var settings = new HashMap<>(StartIT.settings(TestDatabase.newName(), ROOT_KEY.reveal()));
        settings.putAll(Map.of(
                "quarkus.mongodb.connection-string", "mongodb+srv://user:s3cret@db.offshoot.example/",
                "quarkus.mongodb.dns.server-host", "127.0.0.1",
                "quarkus.mongodb.dns.server-port", String.valueOf(nameServer.getLocalPort()),
                "quarkus.mongodb.dns.lookup-timeout", "2s",
                "quarkus.mongodb.write-concern.w", "1"));
        return settings;
    }

    /** Answers each question with itself, and no records (RFC 1035, section 4.1.1). */
    private static void answerThatThereIsNothingMore(DatagramSocket nameServer) {
        try {
            while (true) {
                var packet = new DatagramPacket(new byte[512], 512);
                nameServer.receive(packet);
                packet.getData()[2] |= (byte) 0x80;
                nameServer.send(packet);
            }
        } catch (IOException closed) {
            // and so is the test
        }
    }

    private static List<String> lastLines(String output, int count) {
        var lines = output.lines().toList();
        return lines.subList(lines.size() - count, lines.size());
    }

    private static boolean hasConnected(ServerSocket listener) throws IOException {
        listener.setSoTimeout(100);
        try (var connection = listener.accept()) {
            return connection.isConnected();
        } catch (SocketTimeoutException nobody) {
            return false;
        }
    }
}
