package dev.offshoot.api.http;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Updates.set;
import static dev.offshoot.testing.attack.AttackedService.OTHERS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Container;
import dev.offshoot.testing.FaultyNetwork;
import dev.offshoot.testing.ManyMembers;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.testing.attack.AttackedService;
import dev.offshoot.testing.attack.Attackers;
import dev.offshoot.testing.attack.SlowLine;
import dev.offshoot.testing.attack.SlowStream;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What the packaged service does against attacks does not cut off who is only slow. */
@EnabledIf(
        value = "dev.offshoot.testing.Cases#allOnJar",
        disabledReason = "says nothing of a JDK, a database or a native image")
class SlowClientsIT {
    private static final int UPLOAD_BYTES = (1 << 20) - 1_000;
    private static final int UPLOAD_BYTES_PER_SECOND = 50 * 1024;
    private static final int ANSWER_BYTES = 1 << 20;
    private static final int ANSWER_BYTES_PER_SECOND = 100 * 1024;
    private static final int MEMBERS = 1_000;

    /** After an answer to this, the service itself closes the connection, and throws away what else comes. */
    private static final String DOUBTFUL_BODY = "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";

    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    Path folder;

    private final FaultyNetwork network = new FaultyNetwork(TestDatabase.uri());
    private AttackedService service;
    private String key;
    private String customer;

    @BeforeEach
    void start() throws IOException {
        service = AttackedService.start(
                folder, Container.ofTheManifests(), Map.of("quarkus.mongodb.connection-string", network.uri()));
        key = Objects.requireNonNull(service.attacker().partnerKey());
        customer = service.process().client(key).create("Customer").id();
    }

    @AfterEach
    void stop() throws IOException {
        service.close();
        network.close();
        TestDatabase.clear();
    }

    /** At the same time, for it takes half a minute. */
    @Test
    void slowReadersAndUploadsAreNotCut() throws Exception {
        fillWithMembers();
        var streamed = new CompletableFuture<Integer>();
        try (var http2 = new Attackers(OTHERS);
                var reader = open(get("Connection: close\r\n\r\n"), ANSWER_BYTES_PER_SECOND);
                var doubtful = open(get(DOUBTFUL_BODY), ANSWER_BYTES_PER_SECOND);
                var upload = open(report(), UPLOAD_BYTES_PER_SECOND)) {
            http2.connect(
                    service.process().encryptedBase(),
                    1,
                    () -> new SlowStream(getOverHttp2(), ANSWER_BYTES_PER_SECOND, streamed));
            assertThat(upload.answer().get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("recorded");
            for (var line : List.of(reader, doubtful)) {
                var answer = line.answer().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("}\r\n0\r\n\r\n");
                assertThat(answer.length()).isGreaterThan(ANSWER_BYTES);
            }
            assertThat(streamed.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isGreaterThan(ANSWER_BYTES);
        }
    }

    @Test
    void deletionThatWaitsIsNotCut() {
        var partner = service.process().client(key);
        network.delay("restored", Duration.ofSeconds(2));

        var asked = System.nanoTime();
        assertThat(partner.delete(customer).deletedAt()).isNotNull();

        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isGreaterThan(Duration.ofSeconds(4));
    }

    /** So few that they are read in time, with so much of each that the answer is long. */
    private void fillWithMembers() {
        ManyMembers.fill(customer, MEMBERS);
        var url = "https://images.example/" + "a".repeat(ANSWER_BYTES / MEMBERS);
        TestDatabase.data()
                .getCollection("members")
                .updateMany(eq("organisation", new ObjectId(customer)), set("image_url", url));
    }

    private SlowLine open(String request, int bytesPerSecond) throws IOException {
        return SlowLine.open(service.process().base(), OTHERS, request.getBytes(UTF_8), bytesPerSecond);
    }

    private Http2Headers getOverHttp2() {
        return new DefaultHttp2Headers()
                .method("GET")
                .path(path())
                .scheme("https")
                .authority("localhost")
                .add("authorization", "Bearer " + key);
    }

    private String path() {
        return "/api/v1/organisations/" + customer + "?includeMembers=true";
    }

    private String get(String rest) {
        return "GET " + path() + " HTTP/1.1\r\nHost: localhost\r\n" + "Authorization: Bearer " + key + "\r\n" + rest;
    }

    private String report() {
        var record = "{\"records\":[{\"id\":\"slow\",\"organisation_id\":\"%s\",\"day\":\"%s\",\"api_requests\":1}]"
                .formatted(customer, LocalDate.now(ZoneOffset.UTC));
        return "POST /usage-records HTTP/1.1\r\nHost: localhost\r\nx-api-key: " + key
                + "\r\nContent-Type: application/json\r\nContent-Length: " + UPLOAD_BYTES
                + "\r\nConnection: close\r\n\r\n" + record + " ".repeat(UPLOAD_BYTES - record.length() - 1) + "}";
    }
}
