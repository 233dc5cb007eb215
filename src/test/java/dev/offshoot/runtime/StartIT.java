package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClients;
import com.mongodb.client.model.Filters;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.FaultyNetwork;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** How the packaged service starts on a database, and when it is live and not ready. */
class StartIT {
    private static final String HAS_STORE = "dev.offshoot.testing.Packaged#hasEmbeddedStore";
    private static final KeySecret ROOT_KEY = KeySecret.mint();

    @TempDir
    Path folder;

    @Test
    void databaseOfANewerReleaseThatThisOneCannotReadLeavesTheServiceAliveAndSaysSo() {
        var database = TestDatabase.newName();
        try (var client = MongoClients.create(TestDatabase.uri())) {
            client.getDatabase(database)
                    .getCollection("migrations")
                    .insertOne(
                            new Document("_id", 99).append("name", "far away").append("compatible_from", 99));
        }

        try (var started = ServiceProcess.launch(folder, settings(database, ROOT_KEY.reveal()))) {
            assertLiveAndNotReady(
                    started, "The database has been migrated by a newer release (version=99, name=far away)");
        }
    }

    @Test
    void databaseThatRefusesTheUserLeavesTheServiceAliveAndSaysSo() {
        try (var started = ServiceProcess.launch(folder, settingsOfARefusedUser(TestDatabase.uri()))) {
            assertLiveAndNotReady(started, "The database refuses the user");
            assertThat(started.output()).doesNotContain("s3cret", "at dev.offshoot");
        }
    }

    @Test
    void newReasonIsSaidThoughAnotherWasAMomentAgo() {
        try (var network = new FaultyNetwork(TestDatabase.uri())) {
            network.fault(FaultyNetwork.Fault.REFUSED);
            try (var started = ServiceProcess.launch(folder, settingsOfARefusedUser(network.uri()))) {
                assertLiveAndNotReady(started, "The database can't be used yet");
                network.fault(FaultyNetwork.Fault.NONE);
                assertLiveAndNotReady(started, "The database refuses the user");
            }
        }
    }

    private static Map<String, String> settingsOfARefusedUser(String uri) {
        var settings = new HashMap<>(settings(TestDatabase.newName(), ROOT_KEY.reveal()));
        settings.put("quarkus.mongodb.connection-string", uri.replace("mongodb://", "mongodb://nobody:s3cret@"));
        return settings;
    }

    @Test
    @EnabledIf(value = HAS_STORE, disabledReason = "a native image has no demo store")
    void demoShowsItsKeyOnceAndKeepsItsDataOverARestart() {
        String key;
        PartnerClient.Created created;
        try (var first = ServiceProcess.start(folder, Map.of("offshoot.demo", "true"))) {
            key = first.shownKey();
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
    @DisabledIf(value = HAS_STORE, disabledReason = "a jar has a demo store; see the test above")
    void demoWithoutAStoreInTheBuildRefusesAndSaysWhatToSet() {
        var refused = ServiceProcess.launch(folder, Map.of("offshoot.demo", "true"));

        assertThat(refused.awaitEnd()).isEqualTo(1);
        assertThat(refused.output()).contains("QUARKUS_MONGODB_CONNECTION_STRING", "on a JVM");
    }

    @Test
    void aNewRootKeyIsAddedAtStartAndEarlierOnesLiveOnUntilRevoked() {
        var database = TestDatabase.newName();
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
    void twoReplicasThatStartAtOnceMakeOneRoot() {
        var database = TestDatabase.newName();
        var key = KeySecret.mint();
        try (var one = ServiceProcess.launch(folder, settings(database, key.reveal()));
                var other = startWithRootKey(database, key.reveal())) {
            await().atMost(Duration.ofSeconds(60)).until(() -> one.output().contains("Listening on"));
            assertThat(list(one, key)).isEqualTo(200);
            assertThat(list(other, key)).isEqualTo(200);
        }
    }

    private static void assertLiveAndNotReady(ServiceProcess started, String reason) {
        started.awaitListening();
        await().until(() -> started.output().contains(reason));
        assertThat(health(started, "live")).isEqualTo(200);
        assertThat(health(started, "ready")).isEqualTo(503);
        assertThat(list(started, ROOT_KEY)).isEqualTo(503);
    }

    private static int health(ServiceProcess service, String kind) {
        return Http.request(service.management(), "GET", "/q/health/" + kind)
                .send()
                .status();
    }

    private ServiceProcess startWithRootKey(String database, String key) {
        return ServiceProcess.start(folder, settings(database, key));
    }

    static Map<String, String> settings(String database, String key) {
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
        try (var client = MongoClients.create(TestDatabase.uri())) {
            client.getDatabase(database)
                    .getCollection("api_keys")
                    .updateOne(
                            Filters.eq("_id", key.id().value()),
                            com.mongodb.client.model.Updates.set("revoked_at", new java.util.Date()));
        }
    }

    static int list(ServiceProcess service, KeySecret key) {
        return service.client(key.reveal()).send("GET", "/organisations").status();
    }

    /** The demo store says of itself that a crash may lose its last second; the process is then killed. */
    private static void sleepForTheStoresLastSecond() {
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
    }
}
