package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.testing.CuttingProxy;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.testing.Tree;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes of the packaged service over one database, and one that is killed. */
class ReplicasIT {
    @TempDir
    Path folder;

    @Test
    void keysBeneathADeletedPartnerStopWorkingAtOnceHereAndWithinASecondThere() {
        try (var here = ServiceProcess.startReplica(folder, TestDatabase.uri());
                var there = ServiceProcess.startReplica(folder, TestDatabase.uri())) {
            var root = here.client(Installation.rootKey());
            var partner = here.client(root.createPartner("Partner").partnerKey());
            var child = partner.createPartner("Child");
            var grandchild = here.client(child.partnerKey()).createPartner("Grandchild");
            assertThat(list(here, grandchild.partnerKey())).isEqualTo(200);
            assertThat(list(there, grandchild.partnerKey())).isEqualTo(200);

            partner.delete(child.id());
            var deleted = Instant.now();

            assertThat(list(here, grandchild.partnerKey())).isEqualTo(401);
            await().atMost(Duration.ofSeconds(5))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> list(there, grandchild.partnerKey()) == 401);
            // A second, and what a poll and a busy machine take.
            assertThat(Duration.between(deleted, Instant.now())).isLessThan(Duration.ofMillis(1500));
        }
    }

    @Test
    void whatIsDoneToAKeyHoldsAtOnceHereAndWithinASecondThere() {
        try (var here = ServiceProcess.startReplica(folder, TestDatabase.uri());
                var there = ServiceProcess.startReplica(folder, TestDatabase.uri())) {
            var root = here.client(Installation.rootKey());
            var partner = here.client(root.createPartner("Partner").partnerKey());
            var gateway = there.client(partner.mint("/api-keys", "gateway").secret());
            var customer = partner.create("Customer");
            var keys = PartnerClient.keysOf(customer.id());
            Map<String, Consumer<String>> deeds = Map.of(
                    "revoked", partner::revoke,
                    "expired", path -> partner.changeKey(path, Map.of("expires_at", "2020-01-01T00:00:00Z")),
                    "ip_not_allowed", path -> partner.changeKey(path, Map.of("allowed_ips", List.of("192.0.2.1"))),
                    "organisation_deleted", path -> partner.delete(customer.id()));

            for (var code : List.of("revoked", "expired", "ip_not_allowed", "organisation_deleted")) {
                var key = partner.mint(keys, "standard");
                assertThat(gateway.verify(key.secret()).code()).isEqualTo("valid");
                assertThat(partner.verify(key.secret()).code()).isEqualTo("valid");

                deeds.get(code).accept(keys + "/" + key.id());
                var done = Instant.now();

                assertThat(partner.verify(key.secret()).code()).isEqualTo(code);
                await().atMost(Duration.ofSeconds(5))
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> gateway.verify(key.secret()).code().equals(code));
                // A second, and what a poll and a busy machine take.
                assertThat(Duration.between(done, Instant.now())).isLessThan(Duration.ofMillis(1500));
            }
        }
    }

    @Test
    void whatAKilledProcessLeftUndoneIsDoneByTheNext() {
        var proxy = new CuttingProxy(TestDatabase.uri());
        try (var doomed = ServiceProcess.startReplica(folder, proxy.uri())) {
            var root = doomed.client(Installation.rootKey());
            var own = root.createPartner("Partner");
            var partner = doomed.client(own.partnerKey());
            var child = partner.createPartner("Child");
            var grandchild = doomed.client(child.partnerKey()).createPartner("Grandchild");
            awaitConfirmation(own.id());
            partner.list("");

            // Read, commit, keys: the third command of a deletion never reaches the database, and the process dies.
            proxy.arm(3, CuttingProxy.Action.HOLD);
            var deletion = java.util.concurrent.CompletableFuture.runAsync(
                    () -> partner.send("DELETE", "/organisations/" + child.id()));
            awaitHeld(proxy);
            doomed.kill();
            assertThat(deletion).failsWithin(Duration.ofSeconds(10));
            assertThat(Tree.flawsBeneath(own.id())).isNotEmpty();

            try (var next = ServiceProcess.startReplica(folder, TestDatabase.uri())) {
                assertThat(list(next, grandchild.partnerKey())).isEqualTo(401);
                Stored.agePendingTasks(own.id());
                await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(Tree.flawsBeneath(own.id()))
                        .isEmpty());
            }
        }
    }

    private static void awaitConfirmation(String organisation) {
        await().atMost(Duration.ofSeconds(20)).until(() -> Stored.tree(organisation).values().stream()
                .flatMap(List::stream)
                .noneMatch(record -> record.containsKey("task_due_at")));
    }

    private static void awaitHeld(CuttingProxy proxy) {
        try {
            proxy.awaitHeld();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    private static int list(ServiceProcess service, String key) {
        return new PartnerClient(service.base(), key)
                .send("GET", "/organisations")
                .status();
    }
}
