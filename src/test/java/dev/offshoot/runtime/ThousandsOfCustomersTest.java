package dev.offshoot.runtime;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.ne;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.client.MongoCollection;
import dev.offshoot.task.TaskQueue;
import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.ManyOrganisations;
import dev.offshoot.testing.ManyUsages;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.TestClock;
import dev.offshoot.testing.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With three thousand customers every call costs as many database commands as with ten, and is right with both. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class ThousandsOfCustomersTest {
    private static final int FEW = 10;
    private static final int MANY = 3000;
    private static final int DAYS = 30;
    private static final String CLOSED = "2026-03";
    private static final String OPEN = "2026-04";

    /** How many tasks the queue runs, and how many records a deletion reaches, in a batch. */
    private static final int TASKS_IN_A_BATCH = 200;

    private static final int DELETED_IN_A_BATCH = 1000;

    @Inject
    TaskQueue queue;

    @Inject
    TestClock clock;

    @AfterEach
    void clear() {
        TestDatabase.clear();
        clock.reset();
    }

    /** A partner with customers, each of which has the usage of a closed and of an open month. */
    private record Customers(PartnerClient above, Created partner, Created one, List<ObjectId> others, String anyKey) {
        PartnerClient client() {
            return PartnerClient.of(partner);
        }

        JsonNode usage(String query) {
            return above.usage(partner.id(), query);
        }
    }

    @Test
    void callsCostTheSame() {
        var few = commands(customers(FEW));
        clear();

        assertThat(commands(customers(MANY))).isEqualTo(few);
    }

    @Test
    void usageOfAllIsTheSumOfAllAndChildrenAreReadOneByOne() {
        var customers = customers(MANY);

        for (var month : List.of(CLOSED, OPEN)) {
            var usage = customers.usage(month + "&scope=subtree&breakdown=daily");
            assertThat(usage.at("/api_requests/total").longValue()).isEqualTo(100L * DAYS * MANY);
            assertThat(usage.at("/storage/peak_bytes").longValue()).isEqualTo(5_000_000_000L * MANY);
            assertThat(usage.at("/storage/byte_days").longValue()).isEqualTo(5_000_000_000L * DAYS * MANY);
            assertThat(usage.get("days_recorded").intValue()).isEqualTo(DAYS);
            assertThat(usage.get("daily")).hasSize(DAYS).allSatisfy(day -> {
                assertThat(day.get("api_requests").longValue()).isEqualTo(100L * MANY);
                assertThat(day.get("storage_bytes").longValue()).isEqualTo(5_000_000_000L * MANY);
            });
            assertThat(usage.get("source").textValue()).isEqualTo(month.equals(CLOSED) ? "monthly" : "daily");
        }
        var path = "/organisations/" + customers.partner().id() + "/usage?usage_month=" + CLOSED;
        var error = PartnerClient.error(customers.above().send("GET", path + "&breakdown=children"), 409);
        assertThat(error.code()).isEqualTo("limit_exceeded");
        assertThat(customers
                        .client()
                        .usage(customers.one().id(), CLOSED + "&scope=subtree")
                        .at("/api_requests/total")
                        .longValue())
                .isEqualTo(100L * DAYS);
    }

    @Test
    void changedDaysAreIncludedAndMonthsAreClosedInBatches() {
        clock.moveTo(Instant.parse("2026-05-01T02:00:00Z"));
        // What other tests have left.
        runQueue();
        // The embedded database looks through all there are for each one that it changes.
        var number = TestDatabase.hasIndexes() ? MANY : MANY / 3;
        var customers = customers(number);
        report(customers.client(), customers.one(), "late", OPEN + "-30", 1);
        ManyUsages.copy("usage_days", eq("_id", customers.one().id() + "/" + OPEN + "-30"), customers.others());

        var deriving = Commands.during(this::runQueue);

        assertThat(customers
                        .usage(OPEN + "&scope=subtree")
                        .at("/api_requests/total")
                        .longValue())
                .isEqualTo((100L * DAYS + 1) * number);
        clock.moveTo(Instant.parse("2026-05-01T02:00:00Z"));
        var closing = Commands.during(this::runQueue);

        var usage = customers.usage(OPEN + "&scope=subtree");
        assertThat(usage.get("source").textValue()).isEqualTo("monthly");
        assertThat(usage.get("version").intValue()).isEqualTo(number);
        assertThat(usage.get("complete").booleanValue()).isTrue();
        assertThat(usage.at("/api_requests/total").longValue()).isEqualTo((100L * DAYS + 1) * number);
        // A batch takes seven commands to derive and four to close; a queue with nothing to do takes one for each
        // handler.
        var idle = Commands.during(this::runQueue).size();
        assertThat(deriving.size() - idle).as(deriving.toString()).isLessThanOrEqualTo(7 * number / TASKS_IN_A_BATCH);
        assertThat(closing.size() - idle).as(closing.toString()).isLessThanOrEqualTo(4 * number / TASKS_IN_A_BATCH);
    }

    @Test
    void deletionReachesAllInBatches() {
        var few = deletion(customers(FEW));
        clear();
        var customers = customers(MANY);

        var many = deletion(customers);

        // For keys and for organisations: a batch is found and changed, and the task's lease is kept.
        assertThat(many - few).isLessThanOrEqualTo(2 * 3 * MANY / DELETED_IN_A_BATCH);
        var beneath = eq("lineage", new ObjectId(customers.partner().id()));
        assertThat(stored("organisations").countDocuments(and(beneath, ne("deleted", true))))
                .isZero();
        assertThat(stored("api_keys").countDocuments(and(beneath, eq("deletions", List.of()))))
                .isZero();
        assertThat(customers.above().verify(customers.anyKey()).code()).isEqualTo("organisation_deleted");
    }

    /** How many commands it takes. */
    private int deletion(Customers customers) {
        return Commands.during(() -> {
                    customers.above().delete(customers.partner().id());
                    runQueue();
                })
                .size();
    }

    /** The commands of each call, without those that a cached key saves. */
    private static Map<String, List<String>> commands(Customers customers) {
        var client = customers.client();
        var one = customers.one().id();
        var calls = Map.<String, Runnable>ofEntries(
                Map.entry("get", () -> client.get(one)),
                Map.entry("list", () -> assertThat(client.list("?limit=10").organisations())
                        .hasSize(FEW)),
                Map.entry("subtree", () -> client.list("?scope=subtree&limit=10")),
                Map.entry("after", () -> client.list("?limit=5&after=" + one)),
                Map.entry("keys", () -> client.keys(PartnerClient.keysOf(one))),
                Map.entry("verify", () -> assertThat(
                                client.verify(customers.anyKey()).code())
                        .isEqualTo("valid")),
                Map.entry("usage of one", () -> client.usage(one, OPEN)),
                Map.entry("closed usage of one", () -> client.usage(one, CLOSED)),
                Map.entry("usage", () -> customers.usage(OPEN + "&scope=subtree")),
                Map.entry("closed usage", () -> customers.usage(CLOSED + "&scope=subtree")),
                Map.entry("daily usage", () -> customers.usage(CLOSED + "&scope=subtree&breakdown=daily")));
        return calls.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, call -> fewest(call.getValue())));
    }

    private static List<String> fewest(Runnable call) {
        return Stream.generate(() -> Commands.during(call))
                .limit(3)
                .min(Comparator.comparingInt(List::size))
                .orElseThrow();
    }

    private Customers customers(int number) {
        clock.moveTo(Instant.parse("2026-03-31T12:00:00Z"));
        var above = PartnerClient.newPartner();
        var partner = above.createPartner("Partner");
        var client = PartnerClient.of(partner);
        var one = client.createPartner("Customer");
        reportAll(client, one, CLOSED);
        clock.moveTo(Instant.parse("2026-04-01T02:00:00Z"));
        runQueue();
        clock.moveTo(Instant.parse("2026-04-30T12:00:00Z"));
        reportAll(client, one, OPEN);
        runQueue();
        var others = ManyOrganisations.copyWithKeys(one, number - 1);
        var ids = others.stream().map(other -> new ObjectId(other.id())).toList();
        ManyUsages.copy("usage_months", eq("organisation", new ObjectId(one.id())), ids);
        return new Customers(above, partner, one, ids, others.get(0).key());
    }

    private static void reportAll(PartnerClient client, Created customer, String month) {
        IntStream.rangeClosed(1, DAYS)
                .mapToObj(YearMonth.parse(month)::atDay)
                .forEach(day -> report(client, customer, "r-" + day, day.toString(), 100));
    }

    private static void report(PartnerClient client, Created customer, String id, String day, long requests) {
        assertThat(client.report(List.of(Map.of(
                        "id",
                        id,
                        "organisation_id",
                        customer.id(),
                        "day",
                        day,
                        "api_requests",
                        requests,
                        "storage_bytes",
                        5_000_000_000L))))
                .containsExactly("recorded");
    }

    private void runQueue() {
        queue.runDue(Clock.offset(clock, Duration.ofMinutes(2))).await().indefinitely();
    }

    private static MongoCollection<Document> stored(String collection) {
        return TestDatabase.data().getCollection(collection);
    }
}
