package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.FaultyNetwork;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service, with the heap of its image, under more load than it can serve: it answers all in time. */
@EnabledIf(value = "dev.offshoot.testing.Cases#all", disabledReason = "says nothing of a JDK or a database")
class OverloadIT {
    private static final int CONNECTIONS = 1000;
    private static final Duration SLOW = Duration.ofMillis(200);
    private static final Duration LOAD = Duration.ofSeconds(4);

    /** Half a second more than promised: the load comes from the same machine. */
    private static final Duration LONGEST = Duration.ofSeconds(3);

    @TempDir
    Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final FaultyNetwork network = new FaultyNetwork(TestDatabase.uri());
    private ServiceProcess service;
    private Created partner;
    private Created customer;

    private record Answered(int status, Duration took) {}

    @BeforeEach
    void start() {
        service = ServiceProcess.start(
                folder,
                Map.of(
                        "quarkus.mongodb.connection-string", network.uri(),
                        "quarkus.mongodb.database", TestDatabase.name(),
                        "offshoot.root.key", Installation.rootKey(),
                        "offshoot.key-encryption.current", Installation.encryptionKey(),
                        "JAVA_TOOL_OPTIONS", "-Xmx256m -XX:+ExitOnOutOfMemoryError"));
        partner = service.client(Installation.rootKey()).createPartner("Partner");
        customer = service.client(partner.partnerKey()).create("Customer");
    }

    @AfterEach
    void stop() {
        service.close();
        network.close();
    }

    @Test
    void thousandConnectionsAreAnsweredInTime() {
        var verify = post("/api-keys/verify", Map.of("api_key", customer.apiKey()));
        var get = request("/organisations/" + customer.id()).GET().build();
        var create = post("/organisations", PartnerClient.body("Created"));

        for (var request : List.of(verify, get, create)) {
            var answers = closedLoop(CONNECTIONS, () -> request);

            assertThat(answers).hasSizeGreaterThanOrEqualTo(CONNECTIONS);
            assertInTime(answers, request);
            assertThat(answers).anySatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
        }
        assertServes();
    }

    /** Requests that come whether or not those before have been answered. The database is what there is too little of. */
    @Test
    void twiceOfWhatCanBeServedIsAnsweredInTime() throws InterruptedException {
        var get = request("/organisations/" + customer.id()).GET().build();
        network.delay(SLOW);
        var served = closedLoop(200, () -> get).stream()
                .filter(answer -> answer.status() == 200)
                .count();
        var everyNanos = LOAD.toNanos() / (2 * served);

        var answers = new ConcurrentLinkedQueue<Answered>();
        var sent = new ArrayList<CompletableFuture<?>>();
        var began = System.nanoTime();
        for (var due = 0L; due < LOAD.toNanos(); due += everyNanos) {
            var wait = began + due - System.nanoTime();
            if (wait > TimeUnit.MILLISECONDS.toNanos(1)) {
                TimeUnit.NANOSECONDS.sleep(wait);
            }
            sent.add(send(get, answers));
        }
        sent.forEach(CompletableFuture::join);

        assertThat(answers).hasSize(sent.size());
        assertInTime(answers, get);
        assertThat(answers.stream().filter(answer -> answer.status() == 200).count())
                .as("what is served of what could be")
                .isGreaterThan(served / 2);
        assertServes();
    }

    private void assertInTime(Queue<Answered> answers, HttpRequest request) {
        assertThat(answers.stream().map(Answered::status).distinct())
                .as("%s", request.uri())
                .isSubsetOf(200, 503);
        assertThat(answers.stream().map(Answered::took).max(Duration::compareTo).orElseThrow())
                .as("%s", request.uri())
                .isLessThan(LONGEST);
        assertThat(service.hasEnded()).isFalse();
    }

    /** At once, as if there had been no load. */
    private void assertServes() {
        assertThat(service.client(partner.partnerKey())
                        .create("After")
                        .organisation()
                        .deletedAt())
                .isNull();
    }

    private Queue<Answered> closedLoop(int connections, Supplier<HttpRequest> next) {
        var answers = new ConcurrentLinkedQueue<Answered>();
        var until = System.nanoTime() + LOAD.toNanos();
        var users = IntStream.range(0, connections)
                .mapToObj(each -> user(next, answers, until))
                .toList();
        users.forEach(CompletableFuture::join);
        return answers;
    }

    private CompletableFuture<?> user(Supplier<HttpRequest> next, Queue<Answered> answers, long until) {
        return send(next.get(), answers)
                .thenCompose(answered -> System.nanoTime() < until
                        ? user(next, answers, until)
                        : CompletableFuture.completedFuture(null));
    }

    private CompletableFuture<?> send(HttpRequest request, Queue<Answered> answers) {
        var asked = System.nanoTime();
        return http.sendAsync(request, BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode)
                .thenAccept(status -> answers.add(new Answered(status, Duration.ofNanos(System.nanoTime() - asked))));
    }

    private HttpRequest post(String path, Object body) {
        return request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Http.text(body)))
                .build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(service.base() + path))
                .header("x-api-key", Objects.requireNonNull(partner.partnerKey()));
    }
}
