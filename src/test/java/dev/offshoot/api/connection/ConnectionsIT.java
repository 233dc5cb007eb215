package dev.offshoot.api.connection;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.testing.Installation;
import dev.offshoot.testing.Metrics;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.testing.Wire;
import dev.offshoot.testing.attack.Attackers;
import dev.offshoot.testing.attack.Certificate;
import dev.offshoot.testing.attack.Http2Connection;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The bounds of connections, on a packaged service that has low ones. Each test has addresses of its own. */
@EnabledIf(value = "dev.offshoot.testing.Cases#all", disabledReason = "says nothing of a JDK or a database")
class ConnectionsIT {
    private static final int MAX = 30;
    private static final int MAX_PER_ADDRESS = 10;
    private static final int MAX_STREAMS = 9;
    private static final int LISTS = 5000;
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    @TempDir
    static Path folder;

    private static ServiceProcess service;
    private static Created partner;
    private final List<Wire> opened = new ArrayList<>();

    @BeforeAll
    static void start() {
        var settings = new HashMap<>(Certificate.settings(folder));
        settings.putAll(Map.of(
                "quarkus.mongodb.connection-string", TestDatabase.uri(),
                "quarkus.mongodb.database", TestDatabase.name(),
                "offshoot.root.key", Installation.rootKey(),
                "offshoot.key-encryption.current", Installation.encryptionKey(),
                "offshoot.http.connections.max", String.valueOf(MAX),
                "offshoot.http.connections.max-per-address", String.valueOf(MAX_PER_ADDRESS),
                "offshoot.http.connections.idle-timeout", TIMEOUT.toSeconds() + "s",
                "offshoot.http.connections.max-streams", String.valueOf(MAX_STREAMS),
                "offshoot.http.connections.answer-timeout", TIMEOUT.toSeconds() + "s"));
        service = ServiceProcess.start(folder, settings);
        partner = service.client(Installation.rootKey()).createPartner("Partner");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @AfterEach
    void close() throws IOException {
        for (var wire : opened) {
            wire.close();
        }
    }

    @Test
    void connectionWithoutRequestEnds() throws IOException {
        var idle = open("127.0.1.1");
        var used = open("127.0.1.2");

        for (var second = 0; second < TIMEOUT.toSeconds() + 2; second++) {
            assertServes(used);
            pause();
        }

        assertThat(idle.isClosed()).isTrue();
        assertServes(used);
    }

    @Test
    void headThatDripsEnds() throws IOException {
        var dripping = open("127.0.2.1");
        dripping.text("GET /organisations HTTP/1.1\r\nHost: a\r\nX-Slow: ");

        assertThat(isCutWhileItSends(dripping)).isTrue();
    }

    @Test
    void restOfRefusedBodyThatDripsEnds() throws IOException {
        var dripping = open("127.0.2.2");
        dripping.head(
                "POST /organisations HTTP/1.1", "Host: a", "Content-Type: application/json", "Content-Length: 99");
        assertThat(dripping.read().status()).isEqualTo(401);

        assertThat(isCutWhileItSends(dripping)).isTrue();
    }

    @Test
    void oneMoreOfAnAddressTakesThePlaceOfTheOneThatWasNeverUsed() throws IOException {
        var used = open("127.0.3.1");
        assertServes(used);
        var unused = open("127.0.3.1");
        var rest = open("127.0.3.1", MAX_PER_ADDRESS - 2);
        for (var wire : rest) {
            assertServes(wire);
        }
        assertThat(isRefused(open("127.0.3.1"))).isTrue();
        pause();
        pause();

        assertServes(open("127.0.3.1"));

        assertThat(unused.isClosed()).isTrue();
        assertServes(used);
        for (var wire : rest) {
            assertServes(wire);
        }
    }

    @Test
    void oneMoreInAllTakesAPlaceOfTheAddressThatHasMost() throws IOException {
        var few = open("127.0.4.1", 3);
        for (var wire : few) {
            assertServes(wire);
        }
        for (var address = 2; connections() < MAX; address++) {
            for (var wire : open("127.0.4." + address, Math.min(MAX_PER_ADDRESS, MAX - connections()))) {
                assertServes(wire);
            }
        }

        assertServes(open("127.0.4.100"));

        for (var wire : few) {
            assertServes(wire);
        }
        assertThat(connections()).isEqualTo(MAX);
    }

    @Test
    void connectionWithARequestUnderWayIsNotDisplaced() throws IOException {
        var busy = open("127.0.5.1", MAX_PER_ADDRESS);
        for (var wire : busy) {
            beginCreation(wire);
        }

        var refused = open("127.0.5.1");

        assertThat(isRefused(refused)).isTrue();
        for (var wire : busy) {
            wire.text("}");
            assertThat(wire.read().status()).isEqualTo(400);
        }
    }

    @Test
    void answerThatNobodyReadsEnds() throws IOException {
        for (var i = 0; i < 50; i++) {
            service.client(partner.partnerKey()).create("Customer " + i);
        }
        var unread = open("127.0.6.1");

        var sending = CompletableFuture.runAsync(() -> sendLists(unread));

        await().atMost(30, SECONDS).until(ConnectionsIT::hasUnread);
        await().atMost(TIMEOUT.plusSeconds(5)).until(() -> !hasUnread());
        sending.join();
        assertThat(endsOnceItIsRead(unread)).isTrue();
        assertThat(service.trouble()).isEmpty();
    }

    /** Asks for more than the operating system holds for a client that does not read. */
    private static void sendLists(Wire wire) {
        var list = "GET /organisations HTTP/1.1\r\nHost: a\r\nx-api-key: " + partner.partnerKey() + "\r\n\r\n";
        try {
            for (var request = 0; request < LISTS; request++) {
                wire.text(list);
            }
        } catch (IOException cut) {
            assertThat(cut).isInstanceOf(SocketException.class);
        }
    }

    private static boolean endsOnceItIsRead(Wire wire) throws IOException {
        try {
            while (!wire.isClosed()) {
                // what the operating system held is read and forgotten
            }
            return true;
        } catch (SocketException reset) {
            return true;
        }
    }

    @Test
    void clientThatOpensMoreStreamsThanItMayIsCutOff() {
        var request = headers("POST").add("content-type", "application/json");
        var before = closed("too_many_streams");
        try (var allowed = new Attackers("127.0.8.1");
                var tooMany = new Attackers("127.0.8.2")) {
            allowed.connect(service.encryptedBase(), 1, () -> Http2Connection.unfinished(request, MAX_STREAMS));
            await().until(() -> allowed.connected() > 0);
            pause();
            assertThat(closed("too_many_streams")).isEqualTo(before);

            tooMany.connect(service.encryptedBase(), 1, () -> Http2Connection.unfinished(request, MAX_STREAMS + 1));
            await().until(() -> closed("too_many_streams") > before);
        }
    }

    @Test
    void streamWhoseAnswerNobodyReadsIsReset() {
        var request = headers("GET").add("x-api-key", partner.partnerKey());
        try (var unread = new Attackers("127.0.9.1")) {
            unread.connect(service.encryptedBase(), 1, () -> Http2Connection.unread(request, MAX_STREAMS));

            await().until(ConnectionsIT::hasUnread);
            await().atMost(TIMEOUT.plusSeconds(5)).until(() -> !hasUnread());
        }
        assertThat(service.trouble()).isEmpty();
    }

    @Test
    void managementPortAnswersWhateverIsHeldOnIt() throws IOException {
        for (var i = 0; i < 200; i++) {
            opened.add(Wire.open(service.management(), "127.0.7.1"));
        }

        var wire = Wire.open(service.management(), "127.0.7.2");
        opened.add(wire);
        wire.head("GET /q/health/live HTTP/1.1", "Host: a");
        assertThat(wire.read().status()).isEqualTo(200);
    }

    private Wire open(String from) throws IOException {
        var wire = Wire.open(service.base(), from);
        opened.add(wire);
        return wire;
    }

    private List<Wire> open(String from, int count) throws IOException {
        var wires = new ArrayList<Wire>();
        for (var i = 0; i < count; i++) {
            wires.add(open(from));
        }
        return wires;
    }

    private static void assertServes(Wire wire) throws IOException {
        wire.head("GET /organisations/000000000000000000000002 HTTP/1.1", "Host: a");
        assertThat(wire.read().status()).isEqualTo(401);
    }

    private static void beginCreation(Wire wire) throws IOException {
        wire.head(
                        "POST /organisations HTTP/1.1",
                        "Host: a",
                        "Content-Type: application/json",
                        "Content-Length: 2",
                        "Expect: 100-continue",
                        "x-api-key: " + partner.partnerKey())
                .text("");
        assertThat(wire.read().status()).isEqualTo(100);
        wire.text("{");
    }

    private static boolean isRefused(Wire wire) throws IOException {
        try {
            wire.text("GET /organisations HTTP/1.1\r\nHost: a\r\n\r\n");
            return wire.isClosed();
        } catch (SocketException reset) {
            return true;
        }
    }

    private static boolean isCutWhileItSends(Wire wire) {
        try {
            for (var second = 0; second < TIMEOUT.toSeconds() + 4; second++) {
                wire.text("x");
                pause();
            }
            return false;
        } catch (IOException cut) {
            return true;
        }
    }

    private static void pause() {
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
    }

    private static int connections() {
        return (int) Metrics.scrape(service.management()).value("offshoot_http_connections");
    }

    private static double closed(String reason) {
        return Metrics.scrape(service.management()).value("offshoot_http_connections_closed_total", "reason", reason);
    }

    private static Http2Headers headers(String method) {
        return new DefaultHttp2Headers()
                .method(method)
                .path("/organisations")
                .scheme("https")
                .authority("localhost");
    }

    private static boolean hasUnread() {
        return Metrics.scrape(service.management()).value("offshoot_http_unread_bytes") > 0;
    }
}
