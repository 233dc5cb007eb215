package dev.offshoot.api.cloudmanager;

import static dev.offshoot.testing.DigestClient.challenge;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.digest.KeyEncryption;
import dev.offshoot.testing.DigestClient;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signed calls to two processes of the packaged service over one database, as a load balancer spreads them. */
class DigestReplicasIT {
    private static final String ORGS = "/api/public/v1.0/orgs";
    private static final Map<String, String> BODY = Map.of("name", "A");

    @TempDir
    static Path folder;

    private static ServiceProcess here;
    private static ServiceProcess there;

    private final PartnerClient partner = here.client(Objects.requireNonNull(
            here.client(Installation.rootKey()).createPartner("Partner").partnerKey()));
    private final String key = Objects.requireNonNull(partner.key());
    private final DigestClient hereClient = DigestClient.with(here.base(), key);
    private final DigestClient thereClient = DigestClient.with(there.base(), key);

    @BeforeAll
    static void start() {
        here = ServiceProcess.startReplica(folder, TestDatabase.uri());
        there = ServiceProcess.startReplica(folder, TestDatabase.uri());
    }

    @AfterAll
    static void stop() {
        here.close();
        there.close();
    }

    @Test
    void nonceOfOneReplicaIsGoodOnTheOther() {
        var nonce = hereClient.nonce();

        for (var count = 1; count < 10; count += 2) {
            assertThat(get(hereClient, nonce, count)).isEqualTo(200);
            assertThat(get(thereClient, nonce, count + 1)).isEqualTo(200);
        }
    }

    @Test
    void writeSentAgainToTheOtherReplicaIsStaleAndDoesNothing() {
        var credentials = List.of(hereClient.credentials("POST", ORGS, hereClient.nonce(), "00000001"));
        assertThat(hereClient.send("POST", ORGS, BODY, credentials).status()).isEqualTo(200);

        var replayed = thereClient.send("POST", ORGS, BODY, credentials);

        assertThat(challenge(replayed).stale()).isTrue();
        assertThat(partner.list("").total()).isEqualTo(1);
        assertThat(get(thereClient, challenge(replayed).nonce(), 1)).isEqualTo(200);
    }

    @Test
    void writeSentToBothReplicasAtOnceIsDoneOnce() throws Exception {
        for (var i = 1; i <= 10; i++) {
            var credentials = List.of(hereClient.credentials("POST", ORGS, thereClient.nonce(), "1"));
            var statuses = new ArrayList<Integer>();
            var threads = Executors.newFixedThreadPool(2);
            for (var running : List.of(hereClient, thereClient).stream()
                    .map(client -> threads.submit(() -> client.send("POST", ORGS, BODY, credentials)))
                    .toList()) {
                statuses.add(running.get(60, TimeUnit.SECONDS).status());
            }
            threads.shutdown();

            assertThat(statuses).containsExactlyInAnyOrder(200, 401);
            assertThat(partner.list("").total()).isEqualTo(i);
        }
    }

    @Test
    void nonceFromBeforeAReplicaStartedIsStaleThereAndTheSessionGoesOn() {
        var nonce = hereClient.nonce();
        try (var fresh = ServiceProcess.startReplica(folder, TestDatabase.uri())) {
            var client = DigestClient.with(fresh.base(), key);

            var refused = client.send("GET", ORGS, client.credentials("GET", ORGS, nonce, "1"));

            assertThat(challenge(refused).stale()).isTrue();
            assertThat(get(client, challenge(refused).nonce(), 1)).isEqualTo(200);
        }
    }

    /** What a replica counts from is its start, and not the first call that it answers. */
    @Test
    void nonceThatAnotherReplicaMadeBeforeTheFirstCallIsGood() {
        try (var fresh = ServiceProcess.startReplica(folder, TestDatabase.uri())) {
            var nonce = hereClient.nonce();

            assertThat(get(DigestClient.with(fresh.base(), key), nonce, 1)).isEqualTo(200);
        }
    }

    @Test
    void nonceOfAnInstallationWithAnotherKeyIsStale() {
        var settings = Map.of(
                "quarkus.mongodb.connection-string", TestDatabase.uri(),
                "quarkus.mongodb.database", TestDatabase.name(),
                "offshoot.root.key", Installation.rootKey(),
                "offshoot.key-encryption.current", KeyEncryption.mintKey("next"),
                "offshoot.key-encryption.previous", Installation.encryptionKey());
        try (var rotated = ServiceProcess.start(folder, settings)) {
            var client = DigestClient.with(rotated.base(), key);

            var refused = hereClient.send("GET", ORGS, client.credentials("GET", ORGS, client.nonce(), "1"));

            assertThat(challenge(refused).stale()).isTrue();
            assertThat(client.session().send("GET", ORGS).status()).isEqualTo(200);
        }
    }

    private static int get(DigestClient client, String nonce, int count) {
        return client.send("GET", ORGS, client.credentials("GET", ORGS, nonce, String.valueOf(count)))
                .status();
    }
}
