package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.apikey.KeyUses;
import dev.offshoot.database.DatabaseGate;
import dev.offshoot.provisioning.BatchConfirmation;
import dev.offshoot.testing.FaultyNetwork;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.usage.RequestCounter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the packaged service ends when an orchestrator asks it to: nobody's request is lost, and nothing that was counted. */
@Tag("any-database")
class ShutdownIT {
    private static final Duration DELAY = Duration.ofSeconds(4);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LONGEST = DELAY.plus(TIMEOUT)
            .plus(BatchConfirmation.LAST_FLUSH)
            .plus(RequestCounter.LAST_FLUSH)
            .plus(KeyUses.LAST_FLUSH)
            .plus(DatabaseGate.LAST_COMMANDS);

    @TempDir
    Path folder;

    @Test
    void readinessGoesFirstThenRequestsEndThenCountsAreWritten() throws IOException {
        try (var ending = start(Map.of("quarkus.shutdown.delay", DELAY.toSeconds() + "s"))) {
            // Given
            var partner = ending.client(Installation.rootKey()).createPartner("Partner");
            var child = client(ending, partner).create("Child");
            assertThat(readiness(ending)).isEqualTo(200);

            // When
            try (var slow = new Socket(
                    InetAddress.getLoopbackAddress(), URI.create(ending.base()).getPort())) {
                var askedAtNanos = System.nanoTime();
                ending.askToEnd();

                // Then readiness is gone while requests are served,
                await().atMost(DELAY).until(() -> readiness(ending) == 503);
                assertThat(client(ending, partner).get(child.id())).isEqualTo(child.organisation());
                assertThat(sinceNanos(askedAtNanos)).isLessThan(DELAY);

                // one that is under way when the delay is over is answered, with nothing left of the process but its
                // end,
                var body = Http.text(Map.of("api_key", child.apiKey(), "count", 7));
                send(slow, head(partner, body.length()) + body.substring(0, 10));
                await().atMost(TIMEOUT).until(() -> sinceNanos(askedAtNanos).compareTo(DELAY.plusSeconds(1)) > 0);
                assertThat(ending.hasEnded()).isFalse();
                send(slow, body.substring(10));
                assertThat(statusLine(slow)).startsWith("HTTP/1.1 200 ");

                // the process ends in time,
                ending.awaitEnd();
                assertThat(sinceNanos(askedAtNanos)).isLessThan(LONGEST);
            }

            // and what that request counted is written.
            try (var reader = start(Map.of())) {
                assertThat(counted(reader, partner, child)).isEqualTo(7);
            }
        }
    }

    @Test
    void countsAreWrittenOnceTheDatabaseIsBackIfThatIsInTime() {
        try (var network = new FaultyNetwork(TestDatabase.uri());
                var ending = start(Map.of("quarkus.mongodb.connection-string", network.uri()))) {
            var partner = ending.client(Installation.rootKey()).createPartner("Partner");
            var child = client(ending, partner).create("Child");
            verify(ending, partner, child, 0);

            network.fault(FaultyNetwork.Fault.REFUSED);
            verify(ending, partner, child, 7);
            ending.askToEnd();
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            assertThat(ending.hasEnded()).isFalse();
            network.fault(FaultyNetwork.Fault.NONE);
            ending.awaitEnd();

            try (var reader = start(Map.of())) {
                assertThat(counted(reader, partner, child)).isEqualTo(7);
            }
        }
    }

    @Test
    void taskQueueAtWorkEndsWithoutTrouble() {
        String partnerId;
        try (var killed = start(Map.of("quarkus.scheduler.enabled", "false"))) {
            var partner = killed.client(Installation.rootKey()).createPartner("Partner");
            partnerId = partner.id();
            IntStream.range(0, 100).forEach(each -> client(killed, partner).create("Child"));
            killed.kill();
        }
        Stored.agePendingTasks(partnerId);
        var pending = pendingBeneath(partnerId);

        try (var network = new FaultyNetwork(TestDatabase.uri());
                var ending = start(Map.of(
                        "quarkus.mongodb.connection-string", network.uri(), "offshoot.task-queue.every", "1s"))) {
            network.delay(Duration.ofMillis(100));
            await().atMost(Duration.ofSeconds(30)).until(() -> pendingBeneath(partnerId) < pending);

            ending.askToEnd();
            ending.awaitEnd();

            assertThat(ending.trouble()).isEmpty();
            assertThat(pendingBeneath(partnerId)).isPositive();
        }
    }

    private static long pendingBeneath(String organisation) {
        return Stored.tree(organisation).values().stream()
                .flatMap(List::stream)
                .filter(record -> record.containsKey("task_due_at"))
                .count();
    }

    /** The service knows the keys by then. */
    private static void verify(ServiceProcess service, Created partner, Created child, int count) {
        assertThat(client(service, partner)
                        .verify(Map.of("api_key", child.apiKey(), "count", count))
                        .valid())
                .isTrue();
    }

    private ServiceProcess start(Map<String, String> more) {
        var settings = new java.util.HashMap<>(Map.of(
                "quarkus.mongodb.connection-string", TestDatabase.uri(),
                "quarkus.mongodb.database", TestDatabase.name(),
                "offshoot.root.key", Installation.rootKey(),
                "offshoot.key-encryption.current", Installation.encryptionKey()));
        settings.putAll(more);
        return ServiceProcess.start(folder, settings);
    }

    private static int readiness(ServiceProcess service) {
        return Http.request(service.management(), "GET", "/q/health/ready")
                .send()
                .status();
    }

    private static String head(Created partner, int length) {
        return """
                POST /api-keys/verify HTTP/1.1
                Host: localhost
                x-api-key: %s
                Content-Type: application/json
                Content-Length: %d

                """.formatted(partner.partnerKey(), length).replace("\n", "\r\n");
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    private static String statusLine(Socket socket) throws IOException {
        socket.setSoTimeout((int) TIMEOUT.toMillis());
        var line = new StringBuilder();
        for (var next = socket.getInputStream().read();
                next != '\n' && next >= 0;
                next = socket.getInputStream().read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    /** This month's and, should it begin just now, last month's. */
    private static long counted(ServiceProcess service, Created partner, Created child) {
        var month = YearMonth.now(ZoneOffset.UTC);
        return IntStream.of(0, 1)
                .mapToObj(back -> client(service, partner)
                        .usage(child.id(), month.minusMonths(back).toString()))
                .mapToLong(usage -> usage.at("/api_requests/total").longValue())
                .sum();
    }

    private static PartnerClient client(ServiceProcess service, Created partner) {
        return service.client(Objects.requireNonNull(partner.partnerKey()));
    }

    private static Duration sinceNanos(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
