package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.digest.KeyEncryption;
import dev.offshoot.testing.DigestClient;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.TestDatabase;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bson.Document;
import org.bson.types.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The key-encryption key is replaced as the operating guide says, with processes that serve all the while. */
class KeyEncryptionRotationIT {
    private static final String OLD = KeyEncryption.mintKey("old");
    private static final String NEW = KeyEncryption.mintKey("new");

    @TempDir
    Path folder;

    private final String database = TestDatabase.newName();
    private final KeySecret root = KeySecret.mint();

    @Test
    void everyKeySignsAtEveryStageAndTheOldOneCanBeGivenUp() {
        String first;
        String second;
        String third;
        try (var opensBoth = replica(OLD, NEW)) {
            first = mint(opensBoth, "First");
            try (var sealsNew = replica(NEW, OLD)) {
                second = mint(sealsNew, "Second");
                assertSigned(opensBoth, first, second);
                assertSigned(sealsNew, first, second);

                var traffic = new Traffic(List.of(opensBoth, sealsNew), first);
                var resealed = reseal(sealsNew, NEW, OLD);
                traffic.endWithoutARefusal();
                assertThat(resealed.output())
                        .contains(
                                "Database: " + database + "\n",
                                "Sealed anew: 3\n",
                                "Sealed under new, which is current: 5\n")
                        .doesNotContain("Listening on");

                third = mint(opensBoth, "Third");
                assertSigned(sealsNew, first, second, third);
            }
        }
        var again = reseal(null, NEW, OLD);
        assertThat(again.output()).contains("Sealed anew: 2\n", "Sealed under new, which is current: 7\n");

        try (var withoutOld = replica(NEW, null)) {
            assertSigned(withoutOld, root.reveal(), first, second, third);
        }
    }

    @Test
    void keysThatCannotBeOpenedAreCountedByTheReasonAndTheTaskFails() {
        try (var service = replica(OLD, null)) {
            mint(service, "First");
        }
        var keys = TestDatabase.client().getDatabase(database).getCollection("api_keys");
        keys.updateOne(Filters.ne("name", "Root key"), Updates.set("sealed_ha1.key", "gone"));
        keys.updateOne(Filters.eq("name", "Root key"), Updates.set("sealed_ha1.text", new Binary(new byte[32])));

        var task = ServiceProcess.launch(folder, settings(NEW, OLD), "reseal-keys");

        assertThat(task.awaitEnd()).isEqualTo(1);
        assertThat(task.output())
                .contains(
                        "Sealed anew: 1\n",
                        "Sealed under new, which is current: 1\n",
                        "Sealed under gone, which is not in the settings: 1\n",
                        "Sealed under old, which does not open them: 1\n",
                        "OFFSHOOT_KEY_ENCRYPTION_PREVIOUS");
    }

    @Test
    void databaseWithoutAnInstallationIsRefused() {
        var task = ServiceProcess.launch(folder, settings(NEW, OLD), "reseal-keys");

        assertThat(task.awaitEnd()).isEqualTo(1);
        assertThat(task.output())
                .contains("There is no installation in the database " + database)
                .doesNotContain("Sealed", "at dev.offshoot");
        assertThat(TestDatabase.client().getDatabase(database).listCollectionNames())
                .isEmpty();
    }

    @Test
    void databaseOfANewerReleaseThatThisOneCannotReadIsRefused() {
        TestDatabase.client()
                .getDatabase(database)
                .getCollection("migrations")
                .insertOne(new Document("_id", 99).append("name", "far away").append("compatible_from", 99));

        var task = ServiceProcess.launch(folder, settings(NEW, OLD), "reseal-keys");

        assertThat(task.awaitEnd()).isEqualTo(1);
        assertThat(task.output())
                .contains("The database has been migrated by a newer release (version=99")
                .doesNotContain("Sealed", "at dev.offshoot");
    }

    /** At the port of a replica, which it would not get if it listened, and without the root's key. */
    private ServiceProcess reseal(ServiceProcess beside, String current, String previous) {
        var settings = new HashMap<>(settings(current, previous));
        if (beside != null) {
            settings.put(
                    "quarkus.http.port",
                    String.valueOf(URI.create(beside.base()).getPort()));
        }
        var task = ServiceProcess.launch(folder, settings, "reseal-keys");
        assertThat(task.awaitEnd()).as(task.output()).isZero();
        return task;
    }

    private ServiceProcess replica(String current, String previous) {
        var settings = new HashMap<>(settings(current, previous));
        settings.put("offshoot.root.key", root.reveal());
        return ServiceProcess.start(folder, settings);
    }

    private Map<String, String> settings(String current, String previous) {
        return Map.of(
                "quarkus.mongodb.connection-string",
                TestDatabase.uri(),
                "quarkus.mongodb.database",
                database,
                "offshoot.key-encryption.current",
                current,
                "offshoot.key-encryption.previous",
                previous == null ? "" : previous);
    }

    /** A partner's key, beside which its organisation gets another. */
    private String mint(ServiceProcess service, String name) {
        return service.client(root.reveal()).createPartner(name).partnerKey();
    }

    private static void assertSigned(ServiceProcess service, String... keys) {
        assertThat(keys).allSatisfy(key -> assertThat(sign(service, key)).isEqualTo(200));
    }

    private static int sign(ServiceProcess service, String key) {
        return DigestClient.with(service.base(), key)
                .session()
                .send("GET", "/api/public/v1.0/orgs")
                .status();
    }

    /** Signed calls with one key to some replicas, one after the other, until they are ended. */
    private static final class Traffic {
        private final AtomicBoolean goesOn = new AtomicBoolean(true);
        private final CompletableFuture<Integer> calls;

        Traffic(List<ServiceProcess> replicas, String key) {
            calls = CompletableFuture.supplyAsync(() -> {
                var count = 0;
                while (goesOn.get()) {
                    replicas.forEach(replica -> assertSigned(replica, key));
                    count++;
                }
                return count;
            });
        }

        void endWithoutARefusal() {
            goesOn.set(false);
            assertThat(calls.join()).isPositive();
        }
    }
}
