package dev.offshoot.telemetry;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.task.Backlog;
import dev.offshoot.task.PendingTask;
import dev.offshoot.task.TaskQueue;
import dev.offshoot.task.TaskType;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.Metrics;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Spans;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the service tells Prometheus of itself, on the port that is not for the public. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class MetricsTest {
    private static final String BY_EXTERNAL_ID = "/organisations/by-external-id/{partner_external_id}";
    private static final String REQUESTS = "offshoot_http_requests_seconds_count";
    private static final String REFUSED = "offshoot_callers_refused_total";
    private static final List<Function<Random, String>> PATHS = List.of(
            random -> "/",
            random -> "/" + text(random),
            random -> "/organisations/" + text(random),
            random -> "/organisations/" + text(random) + "/api-keys/" + text(random),
            random -> "/api/v1/organisations/" + text(random) + "/members/" + text(random),
            random -> "/api/public/v1.0/orgs/" + text(random),
            random -> "/api/" + text(random) + "/" + text(random),
            random -> "/authorize/" + text(random) + "?" + text(random),
            random -> "/q/" + text(random),
            random -> "/organisations/../" + text(random) + ";a=" + text(random));
    private static final List<Function<Random, String>> METHODS =
            List.of(random -> "GET", random -> "POST", random -> "DELETE", random -> text(random)
                    .toUpperCase(Locale.ROOT));
    private static final List<Function<Random, String>> KEYS =
            List.of(random -> text(random), random -> KeySecret.mint().reveal());

    @Inject
    TaskQueue queue;

    @Inject
    Backlog backlog;

    private final PartnerClient partner = PartnerClient.newPartner();

    @Test
    void requestsAreCountedByApiRouteMethodAndStatus() {
        var cloud = CloudManagerClient.of(partner);
        var organisation = partner.create("A").id();
        var before = Metrics.scrape();

        partner.get(organisation);
        partner.put("customer/1", PartnerClient.body("A"));
        partner.getByExternalId("customer/1");
        partner.send("PUT", "/organisations/" + organisation);
        PartnerClient.with(null).send("GET", "/organisations/" + organisation);
        cloud.org(organisation);
        MonoidClient.of(partner).list("");
        Http.request("GET", "/authorize/some/path")
                .header("x-gateway-key", partner.key())
                .send();
        partner.send("GET", "/no/such/path");
        Http.request("GET", "/q/openapi").send();

        var after = Metrics.scrape();
        assertOneMore(before, after, "partner", "/organisations/{organisation_id}", "GET", "200");
        assertOneMore(before, after, "partner", BY_EXTERNAL_ID, "PUT", "200");
        assertOneMore(before, after, "partner", BY_EXTERNAL_ID, "GET", "200");
        assertOneMore(before, after, "partner", "/organisations/{organisation_id}", "GET", "401");
        assertOneMore(before, after, "partner", "none", "PUT", "405");
        assertOneMore(before, after, "partner", "none", "GET", "404");
        assertOneMore(before, after, "cloud-manager", "/api/public/v1.0/orgs/{orgId}", "GET", "200");
        assertOneMore(before, after, "monoid", "/api/v1/organisations", "GET", "200");
        assertOneMore(before, after, "edge", "/authorize/*", "GET", "401");
        assertOneMore(before, after, "none", "none", "GET", "200");
    }

    @Test
    void noClientCanMakeMoreSeriesThanThereAre() {
        var random = new Random(1);
        for (var path : PATHS) {
            for (var method : METHODS) {
                KEYS.forEach(key -> attack(path, method, key, random));
            }
        }
        var before = Metrics.scrape().ownSeries();

        for (var i = 0; i < 1000; i++) {
            attack(any(PATHS, random), any(METHODS, random), any(KEYS, random), random);
        }

        assertThat(Metrics.scrape().ownSeries()).isEqualTo(before);
    }

    @Test
    void refusedCallersAreCountedByTheReasonThatTheirAnswerHides() {
        var customer = partner.create("Customer");
        var path = PartnerClient.keysOf(customer.id());
        var revoked = partner.mint(path, "org_owner");
        partner.revoke(path + "/" + revoked.id());
        var expired = Stored.otherKey(
                partner.key(), Map.of("expires_at", Date.from(Instant.now().minusSeconds(60))));
        var restricted = partner.mint(
                path, Map.of("name", "R", "roles", List.of("org_owner"), "allowed_ips", List.of("203.0.113.1")));
        var ofDeleted = partner.create("Deleted");
        partner.delete(ofDeleted.id());

        assertRefused("missing", PartnerClient.with(null));
        assertRefused("malformed", PartnerClient.with("osk_nonsense"));
        assertRefused("unknown", PartnerClient.with(KeySecret.mint().reveal()));
        assertRefused("revoked", PartnerClient.with(revoked.secret()));
        assertRefused("expired", PartnerClient.with(expired));
        assertRefused("organisation_deleted", PartnerClient.with(ofDeleted.apiKey()));
        assertRefused("ip_not_allowed", PartnerClient.with(restricted.secret()));
        assertRefused("role", PartnerClient.with(customer.apiKey()));
    }

    @Test
    void lookUpsInTheCachesAndVerificationsAreCounted() {
        var customer = partner.create("Customer");
        partner.verify(customer.apiKey());
        var unknown = KeySecret.mint().reveal();
        var before = Metrics.scrape();

        partner.verify(customer.apiKey());
        partner.verify(unknown);
        partner.verify(unknown);

        var after = Metrics.scrape();
        assertThat(more(before, after, "offshoot_keys_verified_total", "code", "valid"))
                .isEqualTo(1);
        assertThat(more(before, after, "offshoot_keys_verified_total", "code", "unknown"))
                .isEqualTo(2);
        assertThat(more(before, after, "offshoot_cache_lookups_total", "cache", "unknown_keys", "result", "hit"))
                .isEqualTo(1);
        assertThat(more(before, after, "offshoot_cache_lookups_total", "cache", "callers", "result", "hit"))
                .isPositive();
        assertThat(more(before, after, "offshoot_cache_lookups_total", "cache", "callers", "result", "miss"))
                .isPositive();
    }

    @Test
    void commandsAreTimedByCollectionAndCommand() {
        var before = Metrics.scrape();

        partner.create("A");

        assertThat(more(
                        before,
                        Metrics.scrape(),
                        "offshoot_database_commands_seconds_count",
                        "collection",
                        "organisations",
                        "command",
                        "insert",
                        "outcome",
                        "success"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(TaskType.class)
    void pendingTasksAreCountedAndTheirAgeIsShown(TaskType type) {
        runQueue();
        var target = target(type);
        look();
        var before = Metrics.scrape();
        var label = type.name().toLowerCase(Locale.ROOT);
        var undo = target.leave(Instant.now().minus(Duration.ofDays(400)));
        try {
            look();

            var after = Metrics.scrape();
            assertThat(more(before, after, "offshoot_backlog_entries", "type", label))
                    .isEqualTo(1);
            assertThat(after.value("offshoot_backlog_oldest_age_seconds", "type", label))
                    .isCloseTo((double) Duration.ofDays(400).toSeconds(), within((double)
                            Duration.ofDays(32).toSeconds()));
        } finally {
            undo.run();
        }
        look();
        assertThat(Metrics.scrape().value("offshoot_backlog_entries", "type", label))
                .isEqualTo(before.value("offshoot_backlog_entries", "type", label));
    }

    @Test
    void aScrapeSendsNoCommand() {
        assertThat(Commands.during(Metrics::scrape)).isEmpty();
    }

    @Test
    void aLookAtTheBacklogSendsOneCommandForEachCollection() {
        assertThat(Commands.during(this::look)).containsExactly("find", "find", "find", "find", "find", "find");
    }

    @Test
    void aLookAtTheBacklogSortsNothing() {
        assertThat(Commands.sortedDuring(() -> partner.list("")))
                .as("a sort is noticed")
                .isNotEmpty();

        assertThat(Commands.sortedDuring(this::look)).isEmpty();
    }

    @Test
    void metricsAreNotPublic() {
        assertThat(Http.request("GET", "/q/metrics").send().body()).doesNotContain("offshoot_");
        assertThat(partner.send("GET", "/q/metrics").status()).isEqualTo(404);
    }

    @Test
    void withoutACollectorThereAreNoSpans() {
        var before = Spans.all().size();

        partner.call(
                "GET",
                "/organisations",
                null,
                Map.of("traceparent", "00-" + UUID.randomUUID().toString().replace("-", "") + "-00f067aa0ba902b7-01"));

        assertThat(Spans.all()).hasSize(before);
    }

    private void look() {
        backlog.look().await().atMost(Duration.ofSeconds(10));
    }

    /** A stored record that can be made to wait for work to be done on it. */
    private record Target(String collection, Object id, Function<Instant, Bson> leaving) {
        /** Leaves the work, and says how to take it away. */
        Runnable leave(Instant since) {
            var stored = TestDatabase.data().getCollection(collection);
            var before = Objects.requireNonNull(stored.find(eq("_id", id)).first());
            stored.updateOne(eq("_id", id), leaving.apply(since));
            return () -> stored.replaceOne(eq("_id", id), before);
        }
    }

    private Target target(TaskType type) {
        return switch (type) {
            case CONFIRM, CASCADE, MEMBER_ADDITION, MEMBER_REMOVAL ->
                new Target(
                        "organisations",
                        new ObjectId(partner.create("Pending").id()),
                        since -> Stored.leavingTask(type.name(), null, since));
            case ANSWER ->
                new Target(
                        "organisations",
                        new ObjectId(partner.create("Pending").id()),
                        since -> Stored.leavingTask(
                                type.name(),
                                null,
                                since.minus(PendingTask.REPEATABLE).plus(PendingTask.LEASE)));
            case USAGE_DAYS ->
                new Target(
                        "usage_records",
                        idIn("usage_records"),
                        since -> combine(
                                set("underived", new Document("day", "any").append("since", Date.from(since))),
                                set("task_due_at", Date.from(since))));
            case USAGE_MONTHS ->
                new Target(
                        "usage_days",
                        idIn("usage_days"),
                        since -> combine(set("pending_since", Date.from(since)), set("task_due_at", Date.from(since))));
            case USAGE_CLOSINGS ->
                new Target(
                        "usage_months",
                        idIn("usage_months"),
                        since -> combine(set("pending_since", Date.from(since)), set("task_due_at", Date.from(since))));
        };
    }

    private void runQueue() {
        queue.runDue(Clock.offset(Clock.systemUTC(), Duration.ofHours(1)))
                .await()
                .indefinitely();
    }

    /** The id of what a report leaves in that collection when nothing is pending of it. */
    private Object idIn(String collection) {
        var customer = partner.create("Customer").id();
        var today = Instant.now().toString().substring(0, "yyyy-MM-dd".length());
        partner.report(List.of(Map.of(
                "id", UUID.randomUUID().toString(), "organisation_id", customer, "day", today, "api_requests", 1)));
        runQueue();
        return TestDatabase.data()
                .getCollection(collection)
                .find(eq("organisation", new ObjectId(customer)))
                .first()
                .get("_id");
    }

    private static void assertOneMore(
            Metrics before, Metrics after, String api, String route, String method, String status) {
        assertThat(more(before, after, REQUESTS, "api", api, "route", route, "method", method, "status", status))
                .as("%s %s %s %s", api, method, route, status)
                .isEqualTo(1);
    }

    private static void assertRefused(String reason, PartnerClient caller) {
        var before = Metrics.scrape();
        assertThat(caller.send("GET", "/organisations").status()).isEqualTo(401);
        var after = Metrics.scrape();
        assertThat(more(before, after, REFUSED, "reason", reason)).as(reason).isEqualTo(1);
        assertThat(more(before, after, REFUSED)).as(reason).isEqualTo(1);
    }

    private static double more(Metrics before, Metrics after, String name, String... labelsAndValues) {
        return after.value(name, labelsAndValues) - before.value(name, labelsAndValues);
    }

    private static void attack(
            Function<Random, String> path,
            Function<Random, String> method,
            Function<Random, String> key,
            Random random) {
        var secret = key.apply(random);
        Http.request(method.apply(random), path.apply(random))
                .header("x-api-key", secret)
                .header("x-gateway-key", secret)
                .header("Authorization", "Bearer " + secret)
                .send();
    }

    private static <T> T any(List<T> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }

    private static String text(Random random) {
        return Long.toString(random.nextLong() & Long.MAX_VALUE, 36);
    }
}
