package dev.offshoot.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.Cases;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.Logs;
import dev.offshoot.testing.Metrics;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Clients that go, or that send too slowly, are their own concern: no stack trace, and no failure of the service's. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class ClientsThatHangUpTest {
    private static final int CASES = 60;

    private final PartnerClient partner = PartnerClient.newPartner();

    /** At each point: before its key is looked up, while it is, while the body comes, and when the answer goes. */
    @Test
    void hangingUpLeavesNoTraceInTheLog() {
        var body = EachApi.PARTNER.creation();
        var head = "POST /organisations HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n";
        var before = FramingTest.fiveHundreds();

        var trouble = Logs.troubleDuring(() -> {
            for (var i = 0; i < Cases.of(CASES); i++) {
                for (var reset : List.of(true, false)) {
                    var fresh = head + "x-api-key: " + KeySecret.mint().reveal() + "\r\n\r\n";
                    var good = head + "x-api-key: " + partner.key() + "\r\n\r\n";
                    hangUp("POST /organisa", 0, reset);
                    hangUp(fresh + body, i % 3, reset);
                    hangUp(fresh + body.substring(5), i % 3, reset);
                    hangUp(good, i % 4, reset);
                    hangUp(good + body.substring(5), i % 4, reset);
                    hangUp(good + body, i % 5, reset);
                    hangUp(
                            "GET /organisations HTTP/1.1\r\nHost: a\r\nx-api-key: " + partner.key() + "\r\n\r\n",
                            i % 3,
                            reset);
                    hangUp("GET /q/openapi HTTP/1.1\r\nHost: a\r\n\r\n".repeat(3), i % 3, reset);
                }
            }
            await().until(() -> Metrics.scrape().value("offshoot_http_requests_in_flight") == 0);
        });

        assertThat(trouble).isEmpty();
        assertThat(FramingTest.fiveHundreds()).isEqualTo(before);
    }

    @Test
    void bodyThatDripsIsATimeoutAndEndsTheConnection() throws IOException {
        var before = FramingTest.fiveHundreds();
        Map<EachApi, Wire> wires = new EnumMap<>(EachApi.class);
        for (var api : EachApi.values()) {
            wires.put(
                    api,
                    Wire.open()
                            .head(
                                    "POST " + api.list() + " HTTP/1.1",
                                    "Host: a",
                                    "Content-Type: application/json",
                                    api.credential(partner, "POST", api.list()),
                                    "Content-Length: 1000"));
        }
        for (var second = 0; second < 5; second++) {
            for (var wire : wires.values()) {
                wire.text(" ");
            }
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        }
        for (var api : EachApi.values()) {
            try (var wire = wires.get(api)) {
                var answer = wire.read();

                assertThat(answer.status()).as(answer.body()).isEqualTo(408);
                assertThat(api.code(answer)).isEqualTo(api.named("request_timeout"));
                assertThat(answer.headers().allValues("Connection")).containsExactly("close");
                assertThat(wire.isClosed()).isTrue();
            }
        }
        assertThat(FramingTest.fiveHundreds()).isEqualTo(before);
    }

    private static void hangUp(String text, int afterMillis, boolean reset) {
        var base = URI.create(Http.base());
        try (var socket = new Socket(base.getHost(), base.getPort())) {
            if (reset) {
                socket.setSoLinger(true, 0);
            }
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            if (afterMillis > 0) {
                await().pollDelay(Duration.ofMillis(afterMillis))
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> true);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
