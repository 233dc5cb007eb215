package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.runtime.AcknowledgedCustomer.Write;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.testing.Tree;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged service is killed time and again under mixed writes, each of which is sent under an {@code Idempotency-Key}
 * until it is answered. {@code TEST_KILLS} says how often, 20 times unless it is set.
 */
@EnabledIf(
        value = "dev.offshoot.testing.TestDatabase#hasIndexes",
        disabledReason = "the embedded store ignores the unique indexes")
class KillIT {
    private static final int KILLS =
            Integer.parseInt(Optional.ofNullable(System.getenv("TEST_KILLS")).orElse("20"));
    private static final int WRITERS = 8;

    /** How often a write is sent: for minutes. */
    private static final int TRIES = 1000;

    private static final Duration PAUSE = Duration.ofMillis(200);

    /** The database may be slow, so that a call is answered 503. */
    private static final Duration SLOW = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicInteger sentAgain = new AtomicInteger();

    @Test
    void nothingAcknowledgedIsLostAndNothingIsDoneTwice() throws Exception {
        var port = freePort();
        var first = start(port);
        var root = new PartnerClient("http://127.0.0.1:" + port, Installation.rootKey());
        var own = root.createPartner("Partner");
        var partner = new PartnerClient(root.base(), own.partnerKey());
        var ended = new AtomicBoolean();
        var threads = Executors.newFixedThreadPool(WRITERS);
        var all = new ArrayList<List<AcknowledgedCustomer>>();
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
        System.out.printf("Kills: %d, writes: %d, sent again: %d times%n", KILLS, writes.get(), sentAgain.get());

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
            all.stream().flatMap(List::stream).forEach(customer -> await().atMost(SLOW)
                    .pollDelay(Duration.ZERO)
                    .untilAsserted(() -> customer.check(partner, listed)));
            await().atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofSeconds(5))
                    .untilAsserted(() -> {
                        Stored.ageAnsweredChanges(own.id());
                        assertThat(Tree.flawsBeneath(own.id())).isEmpty();
                    });
        }
    }

    private void write(PartnerClient partner, int writer, List<AcknowledgedCustomer> customers, AtomicBoolean ended) {
        var random = new Random(writer);
        for (var number = 0; !ended.get(); number++) {
            var live = customers.stream().filter(AcknowledgedCustomer::isLive).toList();
            var key = writer + "-" + number;
            if (live.isEmpty() || random.nextInt(4) == 0) {
                customers.add(new AcknowledgedCustomer(key, random.nextBoolean(), write -> done(partner, write)));
            } else {
                live.get(random.nextInt(live.size())).change(random, key, write -> done(partner, write));
            }
        }
    }

    /** The answer that acknowledges. */
    private Answer done(PartnerClient partner, Write write) {
        writes.incrementAndGet();
        var answer = answered(partner, write);
        for (var again = 1; answer.isEmpty() && again < TRIES; again++) {
            sentAgain.incrementAndGet();
            answer = answered(partner, write);
        }
        assertThat(answer).hasValueSatisfying(done -> assertThat(done.status())
                .as(write.method() + " " + write.path() + ": " + done.body())
                .isEqualTo(200));
        return answer.orElseThrow();
    }

    private static Optional<Answer> answered(PartnerClient partner, Write write) {
        try {
            var answer = write.send(partner);
            if (answer.status() != 503 && !answer.body().contains("request_in_progress")) {
                return Optional.of(answer);
            }
        } catch (Exception gone) {
            // The next try may find the service again.
        }
        await().pollDelay(PAUSE).until(() -> true);
        return Optional.empty();
    }

    private ServiceProcess start(int port) {
        return ServiceProcess.start(
                folder,
                Map.of(
                        "quarkus.http.port", String.valueOf(port),
                        "quarkus.mongodb.connection-string", TestDatabase.uri(),
                        "quarkus.mongodb.database", TestDatabase.name(),
                        "offshoot.task-queue.every", "1s",
                        "offshoot.root.key", Installation.rootKey(),
                        "offshoot.key-encryption.current", Installation.encryptionKey()));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
