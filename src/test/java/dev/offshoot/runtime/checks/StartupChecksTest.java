package dev.offshoot.runtime.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.digest.KeyEncryption;
import dev.offshoot.runtime.checks.Unsafe.Severity;
import dev.offshoot.runtime.demo.DemoSettings;
import dev.offshoot.settings.Settings;
import dev.offshoot.settings.Trimmed;
import dev.offshoot.telemetry.TracingVariables;
import io.quarkus.mongodb.runtime.MongoConfig;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.quarkus.vertx.http.runtime.management.ManagementConfig;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule on settings that keep it and on settings that break it. What a process makes of them is {@code StartSettingsIT}'s. */
class StartupChecksTest {
    private static final String KEY = KeyEncryption.mintKey("2026");
    private static final String OTLP_ENDPOINT = "otel.exporter.otlp.endpoint";
    private static final String URI = "mongodb://user:s3cret@db-1.example,db-2.example/?replicaSet=rs0&tls=true";

    /** Those of an installation about which there is nothing to say. */
    private static final Map<String, String> SAFE = Map.of(
            "quarkus.mongodb.connection-string",
            URI,
            "offshoot.key-encryption.current",
            KEY,
            "offshoot.root.key",
            KeySecret.mint().reveal(),
            "quarkus.http.host",
            "0.0.0.0",
            "quarkus.management.host",
            "0.0.0.0",
            "offshoot.http.trusted-proxies",
            "10.0.0.0/8,192.0.2.1,fd00::/8,::1");

    @Test
    void ofSafeSettingsNothingIsSaid() {
        assertThat(with(Map.of())).isEmpty();
    }

    @Test
    void withoutADatabaseThereIsNoStart() {
        assertThat(without("quarkus.mongodb.connection-string"))
                .singleElement()
                .satisfies(unsafe -> assertThat(unsafe.severity()).isEqualTo(Severity.UNUSABLE))
                .satisfies(unsafe ->
                        assertThat(unsafe.text()).contains("QUARKUS_MONGODB_CONNECTION_STRING", "OFFSHOOT_DEMO=true"));
        assertThat(changed(
                        Map.of("offshoot.demo", "true"),
                        "quarkus.mongodb.connection-string",
                        "offshoot.key-encryption.current"))
                .isEmpty();
    }

    @Test
    void nativeImageHasNoDatabaseOfItsOwnForADemonstration() {
        var demonstration = changed(Map.of("offshoot.demo", "true"));
        demonstration.remove("quarkus.mongodb.connection-string");

        assertThat(checks(config(demonstration), false).stream().flatMap(SettingCheck::unsafe))
                .extracting(Unsafe::severity)
                .containsExactly(Severity.UNUSABLE);
    }

    @Test
    void withoutAKeyEncryptionKeyThereIsNoStart() {
        assertThat(without("offshoot.key-encryption.current"))
                .extracting(Unsafe::severity, Unsafe::setting)
                .containsExactly(tuple(Severity.SEVERE, "OFFSHOOT_KEY_ENCRYPTION_CURRENT"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mongodb://user:s3cret@db/?replicaSet=a&readPreference=secondaryPreferred&tls=true",
                "mongodb://user:s3cret@db/?replicaSet=a&readPreference=nearest&tls=true"
            })
    void readingFromSecondariesIsSevere(String uri) {
        assertSaid(Severity.SEVERE, "quarkus.mongodb.connection-string", uri, "reads from secondaries");
        assertSaid(Severity.SEVERE, "quarkus.mongodb.read-preference", "nearest", "reads from secondaries");
        assertThat(with(Map.of("quarkus.mongodb.read-preference", "primary"))).isEmpty();
    }

    @Test
    void readPreferenceThatIsNoneIsNamedItselfAndNotRepeated() {
        assertThat(with(Map.of("quarkus.mongodb.read-preference", "s3cret")))
                .singleElement()
                .satisfies(unsafe -> assertThat(unsafe.severity()).isEqualTo(Severity.UNUSABLE))
                .satisfies(unsafe -> assertThat(unsafe.text())
                        .startsWith("QUARKUS_MONGODB_READ_PREFERENCE is not a read preference")
                        .doesNotContain("s3cret"));
    }

    /** The framework's setting wins over the connection string's. */
    @Test
    void readPreferenceOfTheConnectionStringCountsWhereThereIsNoOther() {
        assertThat(with(Map.of(
                        "quarkus.mongodb.connection-string",
                        URI + "&readPreference=nearest",
                        "quarkus.mongodb.read-preference",
                        "primary")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0,0,MAX", "1,0,MAX", "1,80,MAX", "2,3,MIN", "79,80,MIN", "100,-1,MIN"})
    void poolThatCannotBeIsOfNoUse(String most, String fewest, String named) {
        assertThat(with(Map.of("quarkus.mongodb.max-pool-size", most, "quarkus.mongodb.min-pool-size", fewest)))
                .extracting(Unsafe::severity, Unsafe::setting)
                .containsExactly(tuple(Severity.UNUSABLE, "QUARKUS_MONGODB_" + named + "_POOL_SIZE"));
    }

    @ParameterizedTest
    @CsvSource({"2,2", "80,80", "200,0"})
    void poolOfASizeOfItsOwnIsSafe(String most, String fewest) {
        assertThat(with(Map.of("quarkus.mongodb.max-pool-size", most, "quarkus.mongodb.min-pool-size", fewest)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"w,1", "w,0", "w,2", "safe,false", "journal,false"})
    void acknowledgingWhatMayBeLostIsSevere(String setting, String value) {
        assertSaid(Severity.SEVERE, "quarkus.mongodb.write-concern." + setting, value, "acknowledged is lost");
    }

    /** Those of the framework win, so that they can't weaken anything. */
    @Test
    void writeConcernsOfTheConnectionStringDoNotCount() {
        assertThat(with(Map.of("quarkus.mongodb.connection-string", URI + "&w=1&journal=false&retryWrites=false")))
                .isEmpty();
    }

    @Test
    void noRetriesIsWorthAWarning() {
        assertSaid(Severity.WARNING, "quarkus.mongodb.write-concern.retry-writes", "false", "503");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "db.example",
                "mongodb:/user:s3cret@db",
                "mongodb://user:s3c/ret@db",
                "mongodb://user:s3cret@db:port",
                "mongodb://user:s3cret@"
            })
    void malformedConnectionStringsAreNotRepeated(String uri) {
        assertSaid(Severity.UNUSABLE, "quarkus.mongodb.connection-string", uri, "is not a MongoDB connection string");
        assertThat(with(Map.of("quarkus.mongodb.connection-string", uri)))
                .allSatisfy(unsafe -> assertThat(unsafe.text()).doesNotContain("s3c"));
    }

    @ParameterizedTest
    @CsvSource({
        "'mongodb://user:s3cret@db-1,db-2/?replicaSet=a', has no TLS",
        "'mongodb://user:s3cret@127.0.0.1,db-2/?replicaSet=a', has no TLS",
        "'mongodb://user:s3cret@db-1,db-2/?replicaSet=a&tls=true&tlsInsecure=true', does not check",
        "'mongodb://user:s3cret@db-1,db-2/?replicaSet=a&tls=true&tlsAllowInvalidHostnames=true', does not check",
        "'mongodb://user:s3cret@db-1/?tls=true', names one server",
        "'mongodb://user:s3cret@db-1/?tls=true&replicaSet=a&directConnection=true', names one server"
    })
    void weakConnectionsAreWorthAWarning(String uri, String said) {
        assertSaid(Severity.WARNING, "quarkus.mongodb.connection-string", uri, said);
        assertThat(with(Map.of("quarkus.mongodb.connection-string", uri)))
                .allSatisfy(unsafe -> assertThat(unsafe.text()).doesNotContain("s3cret"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mongodb://user:s3cret@db-1/?replicaSet=a&tls=true",
                "mongodb://127.0.0.1:1,[::1]:2,localhost/?replicaSet=a"
            })
    void connectionsThatAreEncryptedOrLocalAreSafe(String uri) {
        assertThat(with(Map.of("quarkus.mongodb.connection-string", uri))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"zlib,0,1", "snappy,1,1", "zstd,1,1", "'zlib,zstd',1,1", "zlib%2Csnappy,1,1", "lz4,1,1", "'',0,0"})
    void compressorThatIsNotThereIsUnusable(String compressors, int saidOnJvm, int saidInImage) {
        var config = config(changed(
                Map.of("quarkus.mongodb.connection-string", URI + "&compressors=" + compressors + "&appName=a")));

        for (var onJvm : List.of(true, false)) {
            assertThat(checks(config, onJvm).stream().flatMap(SettingCheck::unsafe))
                    .hasSize(onJvm ? saidOnJvm : saidInImage)
                    .allSatisfy(unsafe -> assertThat(unsafe.severity()).isEqualTo(Severity.UNUSABLE))
                    .allSatisfy(unsafe -> assertThat(unsafe.text())
                            .startsWith("QUARKUS_MONGODB_CONNECTION_STRING names a compressor that is not there")
                            .doesNotContain("s3cret"));
        }
    }

    @Test
    void proxyBeforeTheDatabaseIsUnusable() {
        assertSaid(
                Severity.UNUSABLE,
                "quarkus.mongodb.connection-string",
                URI + "&proxyHost=127.0.0.1&proxyPort=1080",
                "names a proxy");
    }

    @Test
    void tlsConfigurationOfTheDatabaseSwitchesTlsOn() {
        assertThat(with(Map.of(
                        "quarkus.mongodb.connection-string", "mongodb://user:s3cret@db-1,db-2/?replicaSet=a",
                        "quarkus.mongodb.tls-configuration-name", "db")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mongodb://user:s3cret@%2Ftmp%2Fmongodb-27017.sock/?replicaSet=a",
                "mongodb://user:s3cret@127.0.0.1,%2Ftmp%2Fmongodb-27017.sock/?replicaSet=a"
            })
    void unixSocketIsUnusable(String uri) {
        assertThat(with(Map.of("quarkus.mongodb.connection-string", uri)))
                .singleElement()
                .satisfies(unsafe -> assertThat(unsafe.severity()).isEqualTo(Severity.UNUSABLE))
                .satisfies(unsafe -> assertThat(unsafe.text())
                        .startsWith("QUARKUS_MONGODB_CONNECTION_STRING names a Unix socket")
                        .doesNotContain("s3cret"));
    }

    @Test
    void demonstrationOnADatabaseOfItsOwnIsWorthAWarning() {
        assertSaid(Severity.WARNING, "offshoot.demo", "true", "OFFSHOOT_DEMO");
    }

    @Test
    void keyEncryptionKeysThatOthersKnowAreSevere() {
        for (var bytes : List.of(
                "\0".repeat(32), "\7".repeat(32), "0123\0\1\2\3".repeat(4), "correct horse battery staple, 17")) {
            var key = "2026:" + Base64.getEncoder().encodeToString(bytes.getBytes(StandardCharsets.US_ASCII));
            assertSaid(Severity.SEVERE, "offshoot.key-encryption.current", key, "is not random");
        }
        assertSaid(
                Severity.SEVERE, "offshoot.key-encryption.current", KeyEncryption.mintKey("demo"), "a demonstration's");
    }

    @Test
    void malformedKeyEncryptionKeysAreNotRepeated() {
        var malformed = KEY.substring(0, KEY.length() - 1);
        assertSaid(Severity.UNUSABLE, "offshoot.key-encryption.current", malformed, "is not a key-encryption key");
        assertSaid(Severity.UNUSABLE, "offshoot.key-encryption.previous", malformed, "is no key-encryption key");
        assertThat(with(Map.of(
                        "offshoot.key-encryption.current", malformed,
                        "offshoot.key-encryption.previous", malformed)))
                .allSatisfy(unsafe -> assertThat(unsafe.text()).doesNotContain(malformed.substring(5)));
    }

    @Test
    void twoKeyEncryptionKeysWithOneIdCannotBeDistinguished() {
        assertSaid(
                Severity.UNUSABLE,
                "offshoot.key-encryption.previous",
                KeyEncryption.mintKey("2025") + "," + KeyEncryption.mintKey("2026"),
                "two keys with one id");
        assertThat(with(Map.of("offshoot.key-encryption.previous", KEY))).isEmpty();
    }

    @Test
    void keysKeptToOpenWithAreNamed() {
        assertSaid(
                Severity.WARNING,
                "offshoot.key-encryption.previous",
                KeyEncryption.mintKey("2025") + "," + KeyEncryption.mintKey("2024"),
                "lists 2025, 2024");
    }

    @Test
    void openAddressesNeedTlsOrATrustedProxy() {
        assertThat(without("offshoot.http.trusted-proxies"))
                .extracting(Unsafe::severity, Unsafe::setting)
                .containsExactly(tuple(Severity.SEVERE, "QUARKUS_HTTP_HOST"));
        for (var host : List.of("::", "192.0.2.1", "offshoot.example")) {
            assertThat(changed(Map.of("quarkus.http.host", host), "offshoot.http.trusted-proxies"))
                    .as(host)
                    .hasSize(1);
        }
        for (var host : List.of("127.0.0.1", "127.1.2.3", "localhost", "::1", "[::1]")) {
            assertThat(changed(
                            Map.of("quarkus.http.host", host, "quarkus.management.host", host),
                            "offshoot.http.trusted-proxies"))
                    .as(host)
                    .isEmpty();
        }
        assertThat(changed(Map.of("quarkus.http.host-enabled", "false"), "offshoot.http.trusted-proxies"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "quarkus.http.ssl.certificate.files",
                "quarkus.http.ssl.certificate.key-store-file",
                "quarkus.http.tls-configuration-name"
            })
    void certificateCountsWhereNothingIsAnsweredWithoutIt(String setting) {
        for (var strategy : List.of("disabled", "redirect")) {
            assertThat(changed(
                            Map.of(setting, "public", "quarkus.http.insecure-requests", strategy),
                            "offshoot.http.trusted-proxies"))
                    .isEmpty();
        }
        assertThat(changed(Map.of(setting, "public"), "offshoot.http.trusted-proxies"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0/0",
                "::/0",
                "128.0.0.0/1",
                "10.0.0.0/7",
                "fc00::/6",
                "8.0.0.0/8",
                "52.0.0.0/8",
                "172.16.0.0/11",
                "192.0.0.0/8",
                "100.0.0.0/8",
                "203.0.0.0/15",
                "2000::/7",
                "2001::/31"
            })
    void trustingEverybodyIsSevere(String proxies) {
        assertSaid(Severity.SEVERE, "offshoot.http.trusted-proxies", "10.0.0.1," + proxies, "claim any address");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/8",
                "172.16.0.0/12",
                "172.16.0.0/14",
                "192.168.0.0/16",
                "100.64.0.0/10",
                "127.0.0.0/8",
                "169.254.0.0/16",
                "fc00::/7",
                "fd00::/8",
                "fe80::/10",
                "::1",
                "203.0.0.0/16",
                "2001:db8::/32"
            })
    void networkOfOnesOwnMayBeTrusted(String proxies) {
        assertThat(with(Map.of("offshoot.http.trusted-proxies", proxies))).isEmpty();
    }

    /** People write a space behind each comma. */
    @Test
    void everyListIsTakenWithSpaces() {
        var config = config(changed(Map.of(
                "offshoot.http.trusted-proxies",
                " 10.0.0.0/8, 127.0.0.1 ,,\t::1 ",
                "offshoot.key-encryption.previous",
                KEY + " , " + KeyEncryption.mintKey("2025"))));
        var settings = config.getConfigMapping(Settings.class);

        assertThat(settings.http().trustedProxies()).contains(List.of("10.0.0.0/8", "127.0.0.1", "::1"));
        assertThat(settings.keyEncryption().previous().orElseThrow()).hasSize(2).contains(KEY);
        assertThat(checks(config).stream().flatMap(SettingCheck::unsafe))
                .extracting(Unsafe::severity)
                .containsExactly(Severity.WARNING);
        assertThat(lists(Settings.class, new HashSet<>()))
                .hasSizeGreaterThan(1)
                .allSatisfy(type -> assertThat(type.toString()).contains(Trimmed.class.getName()));
    }

    /** The types of the settings that are lists, in all groups, with what they are annotated with. */
    private static List<AnnotatedType> lists(Class<?> group, Set<Class<?>> seen) {
        return Stream.of(group.getMethods())
                .flatMap(setting -> {
                    var type = setting.getReturnType();
                    return type.isInterface() && type.getName().startsWith("dev.offshoot.") && seen.add(type)
                            ? lists(type, seen).stream()
                            : Stream.of(setting.getAnnotatedReturnType());
                })
                .filter(type -> type.getType().getTypeName().contains("java.util.List"))
                .toList();
    }

    /** Mapped or not, a setting's block of all addresses is written with zeros only. */
    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.7/0", "::ffff:10.0.0.0/95", "2001:db8::/0"})
    void blockThatIsNoneIsNamed(String proxies) {
        assertSaid(Severity.UNUSABLE, "offshoot.http.trusted-proxies", "10.0.0.1," + proxies, proxies);
        assertThat(with(Map.of("offshoot.http.trusted-proxies", "::ffff:10.0.0.0/104")))
                .isEmpty();
    }

    @Test
    void proxiesThatAreNoAddressesAreNamed() {
        assertSaid(Severity.UNUSABLE, "offshoot.http.trusted-proxies", "10.0.0.1,proxy.example", "proxy.example");
    }

    @Test
    void believingEverybodysForwardingIsSevere() {
        assertSaid(Severity.SEVERE, "quarkus.http.proxy.proxy-address-forwarding", "true", "X-Forwarded-For");
    }

    @Test
    void managementOpenBesideLocalApisIsWorthAWarning() {
        assertSaid(Severity.WARNING, "quarkus.http.host", "127.0.0.1", "QUARKUS_MANAGEMENT_HOST is 0.0.0.0");
    }

    @Test
    void rootThatCannotBeMadeIsNamed() {
        assertSaid(Severity.UNUSABLE, "offshoot.root.key", "osk_nonsense", "OFFSHOOT_ROOT_KEY is not a key");
        assertSaid(Severity.UNUSABLE, "offshoot.root.name", " ", "OFFSHOOT_ROOT_NAME has no valid value");
        assertSaid(Severity.UNUSABLE, "offshoot.root.country", "XX", "OFFSHOOT_ROOT_COUNTRY has no valid value");
        assertSaid(Severity.UNUSABLE, "offshoot.root.time-zone", "GMT+1", "OFFSHOOT_ROOT_TIME_ZONE has no valid value");
        assertThat(without("offshoot.root.key")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "collector:4318",
                "grpc://collector:4317",
                "HTTP://collector:4318",
                "http:/v1/traces",
                "http:///v1/traces",
                "http://user:s3cret@/v1/traces",
                "http://user:s3c ret@collector:4318",
                "http://user:s3c/ret@collector:4318",
                "http://user:s3cret@collector:port"
            })
    void tracesThatCannotBeSentAnywhereAreNamedWithoutTheAddress(String endpoint) {
        assertSaid(Severity.UNUSABLE, OTLP_ENDPOINT, endpoint, "OTEL_EXPORTER_OTLP_ENDPOINT is not");
        assertThat(with(Map.of(OTLP_ENDPOINT, endpoint)))
                .allSatisfy(unsafe -> assertThat(unsafe.text()).doesNotContain("s3c"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://collector",
                "http://collector:4318/v1/traces",
                "https://user:s3cret@[::1]:4318/v1/traces",
            })
    void tracesThatCanBeSentSomewhereAreSafe(String endpoint) {
        assertThat(with(Map.of(OTLP_ENDPOINT, endpoint))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "otel.exporter.otlp.protocol, s3cret, OTEL_EXPORTER_OTLP_PROTOCOL is not http/protobuf",
        "otel.traces.exporter, s3cret, OTEL_TRACES_EXPORTER is neither otlp nor none",
        "otel.exporter.otlp.headers, s3cret, OTEL_EXPORTER_OTLP_HEADERS is not a list of headers",
        "otel.traces.sampler, s3cret, OTEL_TRACES_SAMPLER is not a sampler",
        "otel.traces.sampler.arg, s3cret, OTEL_TRACES_SAMPLER_ARG is not a number from 0 to 1",
        "otel.traces.sampler.arg, 1.001, OTEL_TRACES_SAMPLER_ARG is not a number from 0 to 1",
        "otel.resource.attributes, s3cret, OTEL_RESOURCE_ATTRIBUTES is not a list of attributes",
        "otel.bsp.schedule.delay, s3cret, OTEL_BSP_SCHEDULE_DELAY is refused by OpenTelemetry"
    })
    void tracesThatCannotBeSetUpAreNamedWithoutTheValue(String property, String value, String said) {
        var settings = Map.of(OTLP_ENDPOINT, "http://collector:4318", property, value);

        assertThat(with(settings)).singleElement().satisfies(unsafe -> {
            assertThat(unsafe.severity()).isEqualTo(Severity.UNUSABLE);
            assertThat(unsafe.text()).startsWith(said).doesNotContain("s3cret");
        });
        assertThat(with(Map.of(property, value))).as("without a collector").isEmpty();
    }

    @Test
    void portThatCollectorsHaveForGrpcIsWorthAWarning() {
        assertSaid(Severity.WARNING, OTLP_ENDPOINT, "http://user:s3cret@collector:4317", "has port 4317");
        assertThat(with(Map.of(OTLP_ENDPOINT, "http://user:s3cret@collector:4317")))
                .allSatisfy(unsafe -> assertThat(unsafe.text()).doesNotContain("s3cret"));
    }

    @Test
    void noBackgroundWorkIsWorthAWarning() {
        assertSaid(Severity.WARNING, "offshoot.task-queue.every", "off", "OFFSHOOT_TASK_QUEUE_EVERY");
        assertSaid(Severity.WARNING, "offshoot.task-queue.every", "Disabled", "OFFSHOOT_TASK_QUEUE_EVERY");
        assertSaid(Severity.WARNING, "quarkus.scheduler.enabled", "false", "QUARKUS_SCHEDULER_ENABLED");
    }

    @Test
    void allThatIsSevereIsNamedAtOnceAndStopsEveryStartButADemonstrations() {
        var unsafe = Map.of("quarkus.mongodb.write-concern.w", "1", "offshoot.http.trusted-proxies", "::/0");
        var demo = new HashMap<>(unsafe);
        demo.put("offshoot.demo", "true");

        assertThatThrownBy(() -> start(unsafe))
                .isInstanceOf(StartRefused.class)
                .hasMessageContainingAll("\n- QUARKUS_MONGODB_WRITE_CONCERN_W ", "\n- OFFSHOOT_HTTP_TRUSTED_PROXIES ");
        assertThatCode(() -> start(demo)).doesNotThrowAnyException();
    }

    @Test
    void whatIsUnusableStopsADemonstrationToo() {
        assertThatThrownBy(() -> start(Map.of("offshoot.demo", "true", "offshoot.root.key", "osk_nonsense")))
                .isInstanceOf(StartRefused.class);
    }

    private static void start(Map<String, String> changes) {
        var config = config(changed(changes));
        new StartupChecks(checks(config), config.getConfigMapping(Settings.class)).run(new StartupEvent());
    }

    private static void assertSaid(Severity severity, String setting, String value, String said) {
        assertThat(with(Map.of(setting, value)))
                .as(value)
                .filteredOn(unsafe -> unsafe.text().contains(said))
                .extracting(Unsafe::severity)
                .containsExactly(severity);
    }

    private static List<Unsafe> without(String setting) {
        return changed(Map.of(), setting);
    }

    private static List<Unsafe> with(Map<String, String> changes) {
        return changed(changes, new String[0]);
    }

    private static List<Unsafe> changed(Map<String, String> changes, String... missing) {
        var settings = changed(changes);
        Arrays.asList(missing).forEach(settings::remove);
        return checks(config(settings)).stream().flatMap(SettingCheck::unsafe).toList();
    }

    private static Map<String, String> changed(Map<String, String> changes) {
        var settings = new HashMap<>(SAFE);
        settings.putAll(changes);
        return settings;
    }

    /** The settings over those that are built in. */
    private static SmallRyeConfig config(Map<String, String> settings) {
        try {
            var builtIn = StartupChecksTest.class.getClassLoader().getResource("application.properties");
            return new SmallRyeConfigBuilder()
                    .addDiscoveredConverters()
                    .withSources(
                            new PropertiesConfigSource(builtIn, 250),
                            new PropertiesConfigSource(settings, "settings", 400))
                    .withSources(new DemoSettings())
                    .withDefaultValue("offshoot.build.git-hash", "0")
                    .withDefaultValue("offshoot.build.date", "0")
                    .withMapping(Settings.class)
                    .withMapping(MongoConfig.class)
                    .withMapping(VertxHttpConfig.class)
                    .withMapping(ManagementConfig.class)
                    .withValidateUnknown(false)
                    .build();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<SettingCheck> checks(SmallRyeConfig config) {
        return checks(config, true);
    }

    private static List<SettingCheck> checks(SmallRyeConfig config, boolean onJvm) {
        var offshoot = config.getConfigMapping(Settings.class);
        var connection = config.getOptionalValue("quarkus.mongodb.connection-string", String.class);
        var database = new DatabaseChoice(connection.isPresent(), offshoot.demo(), onJvm);
        var scheduling = config.getOptionalValue("quarkus.scheduler.enabled", Boolean.class);
        return List.of(
                new DatabaseSettings(config.getConfigMapping(MongoConfig.class), offshoot, database, onJvm),
                new KeySettings(offshoot, database),
                new HttpSettings(
                        config.getConfigMapping(VertxHttpConfig.class),
                        config.getConfigMapping(ManagementConfig.class),
                        new NoCertificates(),
                        offshoot),
                new InstallationSettings(offshoot, connection, scheduling.orElse(true)),
                new TracingSettings(TracingVariables.of(config)));
    }

    /** The framework's registry, into which nothing was configured. */
    private static final class NoCertificates implements TlsConfigurationRegistry {
        @Override
        public Optional<TlsConfiguration> get(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<TlsConfiguration> getDefault() {
            return Optional.empty();
        }

        @Override
        public void register(String name, TlsConfiguration configuration) {}
    }
}
