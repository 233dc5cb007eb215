package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.Filters;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.TestDatabase;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the packaged service starts, and when it does not. */
class StartIT {
    private static final Pattern SHOWN_KEY = Pattern.compile("OFFSHOOT_KEY=(osk_\\w+)");

    @TempDir
    Path folder;

    @Test
    void withoutADatabaseItRefusesAndSaysWhatToSet() {
        var refused = ServiceProcess.launch(folder, Map.of());

        assertThat(refused.awaitEnd()).isEqualTo(1);
        assertThat(refused.output()).contains("QUARKUS_MONGODB_CONNECTION_STRING", "OFFSHOOT_DEMO=true");
    }

    @Test
    void withoutAKeyEncryptionKeyItRefusesAndSaysWhatToSet() {
        var refused = ServiceProcess.launch(folder, Map.of("quarkus.mongodb.connection-string", TestDatabase.uri()));

        assertThat(refused.awaitEnd()).isEqualTo(1);
        assertThat(refused.output()).contains("OFFSHOOT_KEY_ENCRYPTION_CURRENT", "mint-encryption-key");
    }

    @Test
    void aTrustedProxyThatIsNoAddressRefusesTheStart() {
        var settings = new java.util.HashMap<>(
                settings("offshoot_test_" + new ObjectId(), KeySecret.mint().reveal()));
        settings.put("offshoot.http.trusted-proxies", "10.0.0.0/8,proxy.example");
        var refused = ServiceProcess.launch(folder, settings);

        assertThat(refused.awaitEnd()).isEqualTo(1);
        assertThat(refused.output()).contains("OFFSHOOT_HTTP_TRUSTED_PROXIES", "proxy.example");
    }

    @Test
    void aDatabaseThatDoesNotAnswerForAMinuteRefusesTheStart() {
        var settings = new java.util.HashMap<>(
                settings("offshoot_test_" + new ObjectId(), KeySecret.mint().reveal()));
        settings.put("quarkus.mongodb.connection-string", "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=500");
        var refused = ServiceProcess.launch(folder, settings);

        assertThat(refused.awaitEnd()).isEqualTo(1);
        assertThat(refused.output()).contains("could not be used for a minute").doesNotContain("at dev.offshoot");
    }

    @Test
    void demoShowsItsKeyOnceAndKeepsItsDataOverARestart() {
        String key;
        PartnerClient.Created created;
        try (var first = ServiceProcess.start(folder, Map.of("offshoot.demo", "true"))) {
            var shown = SHOWN_KEY.matcher(first.output());
            assertThat(shown.find()).isTrue();
            key = shown.group(1);
            assertThat(shown.find()).isFalse();
            assertThat(first.output())
                    .contains("demo store, not for production")
                    .doesNotContain("{\"timestamp\"");
            created = first.client(key).create("Kept");
            sleepForTheStoresLastSecond();
        }
        try (var second = ServiceProcess.start(folder, Map.of("offshoot.demo", "true"))) {
            assertThat(second.output()).doesNotContain("osk_");
            assertThat(second.client(key).get(created.id())).isEqualTo(created.organisation());
        }
    }

    @Test
    void mintKeyPrintsAKeyAndEnds() {
        var minted = ServiceProcess.launch(folder, Map.of(), "mint-key");

        assertThat(minted.awaitEnd()).isZero();
        assertThat(KeySecret.parse(minted.output().strip())).isPresent();
    }

    @Test
    void aNewRootKeyIsAddedAtStartAndEarlierOnesLiveOnUntilRevoked() {
        var database = "offshoot_test_" + new ObjectId();
        var first = KeySecret.mint();
        var second = KeySecret.mint();
        try (var service = startWithRootKey(database, first.reveal())) {
            assertThat(list(service, first)).isEqualTo(200);
            assertThat(service.output()).doesNotContain(first.reveal());
        }
        try (var service = startWithRootKey(database, second.reveal())) {
            assertThat(list(service, first)).isEqualTo(200);
            assertThat(list(service, second)).isEqualTo(200);
        }
        revoke(database, first);
        try (var service = startWithRootKey(database, first.reveal())) {
            assertThat(list(service, first)).isEqualTo(401);
            assertThat(list(service, second)).isEqualTo(200);
        }
    }

    @Test
    void aRootKeyThatIsNoneRefusesTheStartWithoutRepeatingIt() {
        var refused = ServiceProcess.launch(folder, settings("offshoot_test_" + new ObjectId(), "osk_nonsense"));

        assertThat(refused.awaitEnd()).isEqualTo(1);
        assertThat(refused.output()).contains("OFFSHOOT_ROOT_KEY").doesNotContain("osk_nonsense");
    }

    @Test
    void twoReplicasThatStartAtOnceMakeOneRoot() {
        var database = "offshoot_test_" + new ObjectId();
        var key = KeySecret.mint();
        try (var one = ServiceProcess.launch(folder, settings(database, key.reveal()));
                var other = startWithRootKey(database, key.reveal())) {
            org.awaitility.Awaitility.await()
                    .atMost(java.time.Duration.ofSeconds(60))
                    .until(() -> one.output().contains("Listening on"));
            assertThat(list(one, key)).isEqualTo(200);
            assertThat(list(other, key)).isEqualTo(200);
        }
    }

    private ServiceProcess startWithRootKey(String database, String key) {
        return ServiceProcess.start(folder, settings(database, key));
    }

    private static Map<String, String> settings(String database, String key) {
        return Map.of(
                "quarkus.mongodb.connection-string",
                TestDatabase.uri(),
                "quarkus.mongodb.database",
                database,
                "offshoot.root.key",
                key,
                "offshoot.key-encryption.current",
                Installation.encryptionKey());
    }

    private static void revoke(String database, KeySecret key) {
        try (var client = com.mongodb.client.MongoClients.create(TestDatabase.uri())) {
            client.getDatabase(database)
                    .getCollection("api_keys")
                    .updateOne(
                            Filters.eq("_id", key.id().value()),
                            com.mongodb.client.model.Updates.set("revoked_at", new java.util.Date()));
        }
    }

    private static int list(ServiceProcess service, KeySecret key) {
        return service.client(key.reveal()).send("GET", "/organisations").status();
    }

    /** The demo store says of itself that a crash may lose its last second; the process is then killed. */
    private static void sleepForTheStoresLastSecond() {
        org.awaitility.Awaitility.await()
                .pollDelay(java.time.Duration.ofSeconds(2))
                .until(() -> true);
    }
}
