package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.DatabaseProcess;
import dev.offshoot.testing.FaultyNetwork;
import dev.offshoot.testing.FaultyNetwork.Fault;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.Metrics;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The packaged service on a network and a database that fail: it refuses in time, stays alive, and heals by itself. */
class OutageIT {
    private static final String FIRST_RUN = "dev.offshoot.testing.Cases#all";

    private static final Duration BACKGROUND_JOBS_RUN = Duration.ofSeconds(3);
    private static final Duration FIRST_ANSWER = Duration.ofMillis(2200);
    /** Of nearly all: the machine of a test run has other things to do as well. */
    private static final Duration LATER_ANSWER = Duration.ofMillis(100);

    private static final Duration HEALED = Duration.ofSeconds(5);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"REFUSED", "CUT", "STALLED"})
    void outageIsFoundOutOnceAndHealsByItself(Fault fault) {
        try (var network = new FaultyNetwork(TestDatabase.uri());
                var service = start(network, TestDatabase.name(), Installation.rootKey())) {
            assertThatOutageIsFoundOutAndHeals(service, () -> network.fault(fault), () -> network.fault(Fault.NONE));
        }
    }

    @Test
    @EnabledIf(value = FIRST_RUN, disabledReason = "has a database of its own, and says nothing of a JDK")
    void databaseThatIsStoppedAndGoesOnIsFoundOutOnceAndHealsByItself() {
        try (var database = new DatabaseProcess(folder);
                var service = start(database)) {
            assertThatOutageIsFoundOutAndHeals(service, database::stop, database::resume);
        }
    }

    @Test
    @EnabledIf(value = FIRST_RUN, disabledReason = "has a database of its own, and says nothing of a JDK")
    void databaseThatIsKilledAndStartedAgainIsFoundOutOnceAndHealsByItself() {
        try (var database = new DatabaseProcess(folder);
                var service = start(database)) {
            assertThatOutageIsFoundOutAndHeals(service, database::kill, database::startAgain);
        }
    }

    @Test
    void startWithoutADatabaseIsLiveAndNotReadyUntilItComes() {
        try (var network = new FaultyNetwork(TestDatabase.uri())) {
            network.fault(Fault.REFUSED);
            var key = KeySecret.mint().reveal();
            try (var service = launch(network, TestDatabase.newName(), key)) {
                service.awaitListening();
                assertThat(health(service, "live")).isEqualTo(200);
                assertThat(health(service, "ready")).isEqualTo(503);
                var client = service.client(key);
                assertThat(refusal(client)).isLessThan(FIRST_ANSWER);
                var monoid = Http.request(service.base(), "GET", "/api/v1/organisations")
                        .header("Authorization", "Bearer " + key)
                        .send();
                assertThat(monoid.status()).isEqualTo(503);
                assertThat(monoid.header("Retry-After")).isEqualTo("1");
                assertThat(service.client("osk_nonsense")
                                .send("GET", "/organisations")
                                .status())
                        .isEqualTo(401);
                await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
                assertThat(service.output().lines().filter(line -> line.contains("The database can't be used yet")))
                        .hasSize(1);

                network.fault(Fault.NONE);
                await().atMost(Duration.ofSeconds(10)).until(() -> health(service, "ready") == 200);
                assertThat(client.send("GET", "/organisations").status()).isEqualTo(200);
            }
        }
    }

    /** They wait for the database as well. */
    @Test
    void startWithoutADatabaseHearsThatItIsToEnd() {
        try (var network = new FaultyNetwork(TestDatabase.uri())) {
            network.fault(Fault.STALLED);
            var settings = settings(
                    network.uri(), TestDatabase.newName(), KeySecret.mint().reveal());
            settings.put("quarkus.shutdown.delay", "30s");
            settings.put("offshoot.task-queue.every", "1s");
            try (var service = ServiceProcess.launch(folder, settings)) {
                service.awaitListening();
                await().pollDelay(BACKGROUND_JOBS_RUN).until(() -> true);
                var asked = System.nanoTime();
                service.terminate();

                assertThat(since(asked)).isLessThan(Duration.ofSeconds(2));
                assertThat(service.output()).doesNotContain("Interrupted while waiting");
            }
        }
    }

    /** A pool that such a database has emptied fills again. */
    @Test
    void slowDatabaseIsServedFromAnEmptyPool() throws Exception {
        try (var network = new FaultyNetwork(TestDatabase.uri());
                var service = start(network, TestDatabase.name(), Installation.rootKey())) {
            var partner = service.client(Installation.rootKey()).createPartner("Partner");
            var own = service.client(partner.partnerKey());
            own.create("Customer");
            network.delay(Duration.ofMillis(300));
            network.cutAll();

            var answers = new ArrayList<CompletableFuture<Integer>>();
            var started = System.nanoTime();
            for (var second = 0; second < 15; second++) {
                for (var i = 0; i < 70; i++) {
                    var due = Duration.ofMillis(second * 1000L + i * 1000L / 70).minus(since(started));
                    if (due.toMillis() > 0) {
                        TimeUnit.MILLISECONDS.sleep(due.toMillis());
                    }
                    answers.add(get(own, "/organisations"));
                }
            }

            var after = answers.subList(70 * 5, answers.size());
            var good = after.stream().filter(answer -> answer.join() == 200).count();
            assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isIn(200, 503));
            assertThat((double) good / after.size()).isGreaterThan(0.9);
        }
    }

    /** Among calls of others that succeed: then the database is there. */
    @Test
    void slowStatementsOfOneCustomerRefuseNobodyElse() {
        try (var network = new FaultyNetwork(TestDatabase.uri());
                var service = start(network, TestDatabase.name(), Installation.rootKey())) {
            var root = service.client(Installation.rootKey());
            var slow = service.client(root.createPartner("Slow").partnerKey());
            var other = service.client(root.createPartner("Other").partnerKey());
            network.delay("usage_", Duration.ofSeconds(4));

            var rollUps = IntStream.range(0, 20)
                    .mapToObj(each -> get(slow, "/usage?scope=subtree&usage_month=2026-01"))
                    .toList();
            var others = new ArrayList<Integer>();
            var began = System.nanoTime();
            while (since(began).compareTo(Duration.ofSeconds(4)) < 0) {
                others.add(other.send("GET", "/organisations").status());
            }

            assertThat(others).containsOnly(200);
            assertThat(rollUps).extracting(CompletableFuture::join).containsOnly(503);
            assertThat(service.output()).doesNotContain("The database is away");
        }
    }

    private static void assertThatOutageIsFoundOutAndHeals(ServiceProcess service, Runnable begin, Runnable end) {
        var partner = service.client(Installation.rootKey()).createPartner("Partner");
        var own = service.client(partner.partnerKey());
        own.create("Customer");
        var before = service.output().length();

        begin.run();
        assertThat(refusal(own)).isLessThan(FIRST_ANSWER);
        var later =
                IntStream.range(0, 200).mapToObj(each -> refusal(own)).sorted().toList();
        assertThat(later.get(190)).isLessThan(LATER_ANSWER);
        assertThat(later.get(199)).isLessThan(FIRST_ANSWER);
        assertThat(own.send("POST", "/organisations", PartnerClient.body("Lost"))
                        .status())
                .isEqualTo(503);
        // The look-up of the key is shared for a second.
        await().atMost(Duration.ofSeconds(2))
                .until(() -> own.send("GET", "/nowhere").status() == 503);
        assertThat(service.client("osk_nonsense").send("GET", "/organisations").status())
                .isEqualTo(401);
        assertThat(health(service, "live")).isEqualTo(200);
        assertThat(health(service, "ready")).isEqualTo(200);

        end.run();
        await().atMost(HEALED).until(() -> own.send("GET", "/organisations").status() == 200);
        await().atMost(HEALED)
                .until(() -> own.send("POST", "/organisations", PartnerClient.body("Good"))
                                .status()
                        == 200);

        var metrics = Metrics.scrape(service.management());
        assertThat(metrics.samples().stream()
                        .filter(sample -> sample.name().equals("offshoot_http_requests_seconds_count"))
                        .filter(sample -> "500".equals(sample.labels().get("status"))))
                .isEmpty();
        assertThat(unavailable(metrics, "database_away")).isGreaterThanOrEqualTo(200);
        var said = service.output().substring(before).lines().toList();
        assertThat(said).hasSizeLessThan(20).noneMatch(line -> line.contains("\tat ") || line.contains("stackTrace"));
        assertThat(said).anyMatch(line -> line.contains("The database is away"));
        assertThat(said).anyMatch(line -> line.contains("The database is back"));
    }

    private static CompletableFuture<Integer> get(PartnerClient client, String path) {
        return HTTP.sendAsync(
                        HttpRequest.newBuilder(URI.create(client.base() + path))
                                .header("x-api-key", Objects.requireNonNull(client.key()))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
    }

    /** How long it takes until the service refuses. */
    private static Duration refusal(PartnerClient client) {
        var asked = System.nanoTime();
        var answer = client.send("GET", "/organisations");

        assertThat(PartnerClient.error(answer, 503).code()).isEqualTo("unavailable");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        return since(asked);
    }

    private static double unavailable(Metrics metrics, String cause) {
        return metrics.samples().stream()
                .filter(sample -> sample.name().equals("offshoot_http_unavailable_total"))
                .filter(sample -> cause.equals(sample.labels().get("cause")))
                .mapToDouble(Metrics.Sample::value)
                .sum();
    }

    private ServiceProcess start(FaultyNetwork network, String database, String key) {
        return ServiceProcess.start(folder, settings(network.uri(), database, key));
    }

    private ServiceProcess start(DatabaseProcess database) {
        return ServiceProcess.start(folder, settings(database.uri(), TestDatabase.name(), Installation.rootKey()));
    }

    private ServiceProcess launch(FaultyNetwork network, String database, String key) {
        return ServiceProcess.launch(folder, settings(network.uri(), database, key));
    }

    private static Map<String, String> settings(String uri, String database, String key) {
        return new HashMap<>(Map.of(
                "quarkus.mongodb.connection-string",
                uri,
                "quarkus.mongodb.database",
                database,
                "offshoot.root.key",
                key,
                "offshoot.key-encryption.current",
                Installation.encryptionKey()));
    }

    private static int health(ServiceProcess service, String kind) {
        return Http.request(service.management(), "GET", "/q/health/" + kind)
                .send()
                .status();
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
