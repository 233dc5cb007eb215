package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.testing.Tree;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged service is killed time and again under mixed writes. {@code TEST_KILLS} says how often, 20 times unless it
 * is set.
 */
@EnabledIf(
        value = "dev.offshoot.testing.TestDatabase#hasIndexes",
        disabledReason = "the embedded store ignores the unique indexes")
class KillIT {
    private static final int KILLS =
            Integer.parseInt(Optional.ofNullable(System.getenv("TEST_KILLS")).orElse("20"));
    private static final int WRITERS = 6;

    @TempDir
    Path folder;

    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();

    /** What a customer may be, as far as its writer knows. */
    private static final class Customer {
        private final String externalId;
        private final Set<String> names = new HashSet<>();
        private final Set<String> keys = new HashSet<>();
        private @Nullable String id;
        private boolean mayBeDeleted;
        private boolean isDeleted;

        Customer(String externalId) {
            this.externalId = externalId;
        }
    }

    @Test
    void nothingAcknowledgedIsLostAndNothingIsDoneTwice() throws Exception {
        var port = freePort();
        var first = start(port);
        var root = new PartnerClient("http://127.0.0.1:" + port, Installation.rootKey());
        var own = root.createPartner("Partner");
        var partner = new PartnerClient(root.base(), own.partnerKey());
        var ended = new AtomicBoolean();
        var threads = Executors.newFixedThreadPool(WRITERS);
        var all = new ArrayList<List<Customer>>();
        IntStream.range(0, WRITERS).forEach(each -> all.add(new ArrayList<>()));
        var writing = IntStream.range(0, WRITERS)
                .mapToObj(each -> CompletableFuture.runAsync(() -> write(partner, each, all.get(each), ended), threads))
                .toList();

        var moments = new Random(KILLS);
        var running = first;
        for (var kill = 0; kill < KILLS; kill++) {
            TimeUnit.MILLISECONDS.sleep(200 + moments.nextInt(1000));
            running.kill();
            running = start(port);
        }
        ended.set(true);
        writing.forEach(CompletableFuture::join);
        threads.shutdown();
        System.out.printf("Kills: %d, writes: %d, of them unanswered: %d%n", KILLS, writes.get(), unanswered.get());

        try (var last = running) {
            var listed = new HashMap<String, List<PartnerClient.Organisation>>();
            for (var skip = 0; ; skip += 100) {
                var page = partner.list("?limit=100&skip=" + skip).organisations();
                page.forEach(
                        found -> listed.computeIfAbsent(String.valueOf(found.externalId()), id -> new ArrayList<>())
                                .add(found));
                if (page.size() < 100) {
                    break;
                }
            }
            assertThat(all).allSatisfy(customers -> assertThat(customers).isNotEmpty());
            all.stream().flatMap(List::stream).forEach(customer -> check(partner, customer, listed));
            await().atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(Tree.flawsBeneath(own.id())).isEmpty());
        }
    }

    private void write(PartnerClient partner, int writer, List<Customer> customers, AtomicBoolean ended) {
        var random = new Random(writer);
        for (var number = 0; !ended.get(); number++) {
            var live = customers.stream()
                    .filter(customer -> customer.id != null && !customer.mayBeDeleted)
                    .toList();
            var choice = live.isEmpty() ? 0 : random.nextInt(5);
            if (choice < 2) {
                create(partner, customers, writer + "-" + number);
            } else {
                change(partner, live.get(random.nextInt(live.size())), choice, "Name " + writer + "-" + number);
            }
        }
    }

    private void create(PartnerClient partner, List<Customer> customers, String externalId) {
        var customer = new Customer(externalId);
        customer.names.add("Customer");
        customers.add(customer);
        var body = PartnerClient.body("Customer");
        body.put("partner_external_id", externalId);
        answered(() -> partner.send("POST", "/organisations", body)).ifPresent(answer -> {
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            var created = answer.json().at("/data/organisation");
            customer.id = created.get("organisation_id").textValue();
            customer.keys.add(created.get("organisation_api_key").textValue());
        });
    }

    private void change(PartnerClient partner, Customer customer, int choice, String name) {
        var path = "/organisations/" + customer.id;
        switch (choice) {
            case 2 -> {
                customer.names.add(name);
                answered(() -> partner.send("PATCH", path, Map.of("organisation_name", name)))
                        .ifPresent(answer -> {
                            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                            customer.names.removeIf(other -> !other.equals(name));
                        });
            }
            case 3 ->
                answered(() -> partner.send(
                                "POST",
                                PartnerClient.keysOf(String.valueOf(customer.id)),
                                Map.of("name", name, "roles", List.of("standard"))))
                        .ifPresent(answer -> {
                            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                            customer.keys.add(
                                    answer.json().at("/data/api_key/api_key").textValue());
                        });
            default -> {
                customer.mayBeDeleted = true;
                answered(() -> partner.send("DELETE", path)).ifPresent(answer -> {
                    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                    customer.isDeleted = true;
                });
            }
        }
    }

    /** The answer that acknowledges or refuses, if one came. Of a write without one nobody knows whether it was done. */
    private Optional<Answer> answered(Supplier<Answer> write) {
        writes.incrementAndGet();
        try {
            var answer = write.get();
            if (answer.status() != 503) {
                return Optional.of(answer);
            }
        } catch (Exception gone) {
            await().pollDelay(Duration.ofMillis(50)).until(() -> true);
        }
        unanswered.incrementAndGet();
        return Optional.empty();
    }

    private static void check(
            PartnerClient partner, Customer customer, Map<String, List<PartnerClient.Organisation>> listed) {
        var found = listed.getOrDefault(customer.externalId, List.of());
        assertThat(found).as(customer.externalId).hasSizeLessThanOrEqualTo(1);
        if (customer.id == null) {
            return;
        }
        var stored = partner.getEvenDeleted(customer.id);
        assertThat(customer.names).contains(stored.name());
        var isDeleted = stored.deletedAt() != null;
        assertThat(isDeleted).isIn(customer.isDeleted, customer.mayBeDeleted);
        assertThat(found).hasSize(isDeleted ? 0 : 1);
        assertThat(customer.keys)
                .allSatisfy(key -> assertThat(partner.verify(key).valid()).isEqualTo(!isDeleted));
    }

    private ServiceProcess start(int port) {
        return ServiceProcess.start(
                folder,
                Map.of(
                        "quarkus.http.port", String.valueOf(port),
                        "quarkus.mongodb.connection-string", TestDatabase.uri(),
                        "quarkus.mongodb.database", TestDatabase.name(),
                        "offshoot.root.key", Installation.rootKey(),
                        "offshoot.key-encryption.current", Installation.encryptionKey()));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
