package dev.offshoot.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Cases;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.Logs;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two messages on one connection, good or bad, at once or one after the other: whatever the first was, the second answer
 * is the second message's own, or the connection is closed.
 */
@Tag("any-database")
@QuarkusTest
@QuarkusTestResource(Installation.class)
class MessagePairsTest {
    private static final int PAIRS = 2_000;

    /** In every body: a request that nobody made. */
    private static final String HIDDEN = "GET /organisations HTTP/1.1\r\nHost: a\r\nX-Request-Id: hidden\r\n\r\n";

    private static final String CHUNKED = Integer.toHexString(HIDDEN.length()) + "\r\n" + HIDDEN + "\r\n0\r\n\r\n";
    private static final String LENGTH = "Content-Length: " + HIDDEN.length();
    private static final String CHUNKED_LENGTH = "Content-Length: " + CHUNKED.length();

    private final PartnerClient partner = PartnerClient.newPartner();

    /** How a body's end is said, and the body. */
    private enum Framing {
        NONE("", ""),
        BY_LENGTH(LENGTH, HIDDEN),
        BY_LENGTH_TWICE(LENGTH + "\r\n" + LENGTH, HIDDEN),
        BY_LENGTH_WITH_SPACE(LENGTH.replace(": ", ":\t ") + " ", HIDDEN),
        BY_OTHER_LENGTH(LENGTH + "\r\nContent-Length: 0", HIDDEN),
        BY_LENGTH_LIST("Content-Length: 0, " + HIDDEN.length(), HIDDEN),
        BY_SIGNED_LENGTH(LENGTH.replace(": ", ": +"), HIDDEN),
        BY_HEXADECIMAL_LENGTH("Content-Length: 0x" + Integer.toHexString(HIDDEN.length()), HIDDEN),
        BY_NO_LENGTH("Content-Length: ", HIDDEN),
        BY_CHUNKS("Transfer-Encoding: chunked", CHUNKED),
        BY_CHUNKS_IN_CAPITALS("transfer-encoding:CHUNKED", CHUNKED),
        BY_CHUNKS_AND_LENGTH("Transfer-Encoding: chunked\r\n" + CHUNKED_LENGTH, CHUNKED),
        BY_CHUNKS_AND_SHORT_LENGTH("Content-Length: 3\r\nTransfer-Encoding: chunked", CHUNKED),
        BY_CHUNKS_AND_BAD_LENGTH("Content-Length: x\r\nTransfer-Encoding: chunked", CHUNKED),
        BY_CHUNKS_TWICE("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", CHUNKED),
        BY_CHUNKS_AND_IDENTITY("Transfer-Encoding: chunked, identity", CHUNKED),
        BY_OTHER_CHUNKS("Transfer-Encoding: xchunked", CHUNKED),
        BY_OTHER_CODING("Transfer-Encoding: gzip", HIDDEN),
        BY_OTHER_CODING_AND_LENGTH("Transfer-Encoding: gzip\r\n" + LENGTH, HIDDEN),
        BY_SPACED_CODING("Transfer-Encoding : chunked", CHUNKED),
        BY_FOLDED_CODING("Transfer-Encoding:\r\n chunked", CHUNKED),
        BY_BROKEN_CHUNKS("Transfer-Encoding: chunked", "zz\r\n" + HIDDEN),
        BY_NEGATIVE_CHUNKS("Transfer-Encoding: chunked", "-1\r\n" + HIDDEN);

        private final String header;
        private final String body;

        Framing(String header, String body) {
            this.header = header;
            this.body = body;
        }
    }

    private record Message(
            String method, String target, String version, String host, boolean known, String more, Framing framing) {
        String text(String key, String id) {
            var head = new ArrayList<String>();
            head.add(method + " " + target + " " + version);
            head.add(host);
            head.add("X-Request-Id: " + id);
            head.add("Content-Type: application/json");
            head.add(known ? key : "X-None: 1");
            head.add(more);
            head.add(framing.header);
            head.removeIf(String::isEmpty);
            return String.join("\r\n", head) + "\r\n\r\n" + framing.body;
        }

        private boolean isPlain() {
            return version.equals("HTTP/1.1")
                    && more.isEmpty()
                    && framing.ordinal() <= Framing.BY_LENGTH_TWICE.ordinal();
        }
    }

    private record Pair(Message first, Message second, boolean atOnce) {}

    private static Arbitrary<Message> messages() {
        return Combinators.combine(
                        Arbitraries.of("GET", "POST", "PATCH", "OPTIONS", "BREW"),
                        Arbitraries.of(
                                "/organisations",
                                "/nowhere",
                                "/api/v1/organisations",
                                "/api/public/v1.0/orgs",
                                "/authorize/{",
                                "/q/openapi",
                                "/usage-records",
                                "http://other.example/organisations",
                                "*",
                                "/%zz",
                                "/organisations?limit=%ff"),
                        Arbitraries.frequencyOf(
                                Tuple.of(8, Arbitraries.just("HTTP/1.1")),
                                Tuple.of(1, Arbitraries.of("HTTP/1.0", "HTTP/3.7", "HTTP/1.2"))),
                        Arbitraries.frequencyOf(
                                Tuple.of(8, Arbitraries.just("Host: a")),
                                Tuple.of(1, Arbitraries.of("", "Host: ", "Host: a b", "Host: a\r\nHost: b"))),
                        Arbitraries.of(true, false),
                        Arbitraries.frequencyOf(
                                Tuple.of(4, Arbitraries.just("")),
                                Tuple.of(
                                        1,
                                        Arbitraries.of(
                                                "Expect: 100-continue",
                                                "Connection: keep-alive",
                                                "Connection: close",
                                                ": nameless",
                                                "Upgrade: h2c\r\nConnection: upgrade"))),
                        Arbitraries.of(Framing.values()))
                .as(Message::new);
    }

    @Test
    void secondAnswerIsItsOwnOrTheConnectionIsClosed() {
        var pairs = Combinators.combine(messages(), messages(), Arbitraries.of(true, false))
                .as(Pair::new);
        var before = FramingTest.fiveHundreds();

        var trouble = Logs.troubleDuring(
                () -> pairs.sampleStream().limit(Cases.of(PAIRS)).forEach(pair -> {
                    assertInStep(pair);
                    assertInStep(new Pair(pair.second(), pair.first(), pair.atOnce()));
                }));

        assertThat(trouble).isEmpty();
        assertThat(FramingTest.fiveHundreds()).isEqualTo(before);
    }

    private void assertInStep(Pair pair) {
        var key = "x-api-key: " + partner.key();
        var answered = new ArrayList<String>();
        try (var wire = Wire.open()) {
            var first = pair.first().text(key, "first");
            var second = pair.second().text(key, "second");
            wire.text(pair.atOnce() ? first + second : first);
            var answer = next(wire);
            answer.ifPresent(one -> answered.add(one.header("X-Request-Id")));
            if (answer.isPresent() && !pair.atOnce()) {
                wire.text(second);
            }
            while (answer.isPresent() && answered.size() < 2) {
                answer = next(wire);
                answer.ifPresent(one -> answered.add(one.header("X-Request-Id")));
            }
        } catch (SocketException closed) {
            // The service has closed before the second message was written.
        } catch (IOException failure) {
            throw new UncheckedIOException(pair + " after " + answered, failure);
        }
        // What the HTTP library refuses by itself has no id, and is the last.
        var expected = List.of("first", "second");
        for (var i = 0; i < answered.size(); i++) {
            assertThat(answered.get(i)).as("%s of %s", i, pair).isIn(expected.get(i), "");
        }
        if (pair.first().isPlain()) {
            assertThat(answered).as("%s", pair).isNotEmpty();
        }
    }

    /** The next final answer, if the service gives one before it closes. */
    private static Optional<Answer> next(Wire wire) throws IOException {
        try {
            var answer = wire.readOfAnyVersion();
            while (answer.status() == 100) {
                answer = wire.readOfAnyVersion();
            }
            return Optional.of(answer);
        } catch (EOFException closed) {
            return Optional.empty();
        }
    }
}
