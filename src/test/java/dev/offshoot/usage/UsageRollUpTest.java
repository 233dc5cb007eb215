package dev.offshoot.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.offshoot.apikey.KeyAuthenticator;
import dev.offshoot.apikey.KeySource;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.task.TaskQueue;
import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.ManyUsages;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.TestClock;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.usage.UsageQuery.Breakdown;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The usage of a tree, whole and in its parts. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class UsageRollUpTest {
    private static final String MONTH = "2026-04";
    private static final String SUBTREE = MONTH + "&scope=subtree";
    private static final String DAILY = SUBTREE + "&breakdown=daily";
    private static final String CHILDREN = SUBTREE + "&breakdown=children";

    @Inject
    TaskQueue queue;

    @Inject
    TestClock clock;

    @Inject
    KeyAuthenticator keys;

    @Inject
    RequestCounter counter;

    @Inject
    UsageReading reading;

    private PartnerClient above;
    private Created partner;
    private Created leaf;
    private Created subPartner;
    private Created grandchild;

    /** The partner above owns a partner, which owns a leaf and a partner with a grandchild. */
    @BeforeEach
    void plant() {
        above = PartnerClient.newPartner();
        partner = above.createPartner("Partner");
        var client = PartnerClient.of(partner);
        leaf = client.create("Leaf");
        subPartner = client.createPartner("Partner beneath");
        grandchild = PartnerClient.of(subPartner).create("Grandchild");
    }

    @AfterEach
    void resetClock() {
        clock.reset();
        TestDatabase.clear();
    }

    /** Figures of a row or a whole. */
    private record Sums(long requests, long byteDays, long peak) {}

    @Test
    void aSubtreeIsTheSumOfItsPartsAndItsPeakTheLargestDailySum() {
        reportEverywhere();

        var usage = above.usage(partner.id(), SUBTREE);

        assertThat(sums(usage)).isEqualTo(new Sums(1111, 100 + 900 + 50 + 500 + 7, 1050));
        // Two days; the last one with a level is the second, with 500 and 7.
        assertThat(usage.get("days_recorded").intValue()).isEqualTo(2);
        assertThat(usage.at("/storage/latest_bytes").longValue()).isEqualTo(507);
        assertThat(usage.at("/storage/average_bytes").longValue()).isEqualTo(1557 / 2);
        assertThat(usage.get("organisation_id").textValue()).isEqualTo(partner.id());
        assertThat(usage.has("daily") || usage.has("children")).isFalse();
        assertThat(sums(above.usage(partner.id(), MONTH))).isEqualTo(new Sums(1, 100, 100));
        assertThat(above.usage(partner.id(), MONTH + "&scope=self").get("api_requests"))
                .isEqualTo(above.usage(partner.id(), MONTH).get("api_requests"));
    }

    @Test
    void daysAddUpToTheWhole() {
        reportEverywhere();

        var usage = above.usage(partner.id(), DAILY);

        assertThat(usage.get("daily").toString())
                .isEqualTo("[{\"day\":\"2026-04-01\",\"api_requests\":111,\"storage_bytes\":1050},"
                        + "{\"day\":\"2026-04-02\",\"api_requests\":1000,\"storage_bytes\":507}]");
        assertThat(above.usage(grandchild.id(), MONTH + "&breakdown=daily")
                        .get("daily")
                        .toString())
                .isEqualTo("[{\"day\":\"2026-04-01\",\"api_requests\":100,\"storage_bytes\":50},"
                        + "{\"day\":\"2026-04-02\",\"api_requests\":1000,\"storage_bytes\":7}]");
    }

    @Test
    void childrenAreRowsWithAllBeneathThemAndTheOrganisationItselfIsFirst() {
        reportEverywhere();

        var rows = rows(above.usage(partner.id(), CHILDREN));

        assertThat(rows)
                .containsExactly(
                        Map.entry(partner.id(), new Sums(1, 100, 100)),
                        Map.entry(leaf.id(), new Sums(10, 900, 900)),
                        Map.entry(subPartner.id(), new Sums(1100, 557, 507)));
        assertThat(rows(above.usage(partner.id(), MONTH + "&breakdown=children")))
                .isEqualTo(rows);
    }

    @Test
    void childrenOfAnOrganisationByItselfAreItselfAlone() {
        reportEverywhere();

        var usage = above.usage(partner.id(), MONTH + "&scope=self&breakdown=children");

        assertThat(sums(usage)).isEqualTo(new Sums(1, 100, 100));
        assertThat(rows(usage)).containsExactly(Map.entry(partner.id(), new Sums(1, 100, 100)));
    }

    @Test
    void aMonthWithoutUsageIsZerosInEveryPart() {
        var usage = above.usage(partner.id(), DAILY);

        assertThat(sums(usage)).isEqualTo(new Sums(0, 0, 0));
        assertThat(usage.get("source").textValue()).isEqualTo("daily");
        assertThat(usage.get("daily")).isEmpty();
        assertThat(rows(above.usage(partner.id(), CHILDREN)))
                .containsExactly(Map.entry(partner.id(), new Sums(0, 0, 0)));
    }

    @Test
    void sourceIsMonthlyWhenEveryPartIsAndVersionCountsTheClosingsOfAll() {
        reportEverywhere();
        clock.moveTo(Instant.parse("2026-05-02T00:00:00Z"));
        assertThat(state(SUBTREE)).isEqualTo("daily 0 false");
        var before = figures(SUBTREE);

        work();

        assertThat(state(SUBTREE)).isEqualTo("monthly 4 true");
        assertThat(figures(SUBTREE)).isEqualTo(before);
        above.report(List.of(record(leaf, "late", "2026-04-01", 5, 0)));
        assertThat(state(SUBTREE)).isEqualTo("monthly 4 false");
        assertThat(figures(SUBTREE)).isEqualTo(before);
        work();
        assertThat(state(SUBTREE)).isEqualTo("monthly 5 true");
        assertThat(sums(above.usage(partner.id(), SUBTREE)).requests()).isEqualTo(1116);
    }

    @Test
    void closedMonthsAreSplitAsTheyWereClosed() {
        reportEverywhere();
        var days = above.usage(partner.id(), DAILY).get("daily");
        var rows = rows(above.usage(partner.id(), CHILDREN));
        clock.moveTo(Instant.parse("2026-05-02T00:00:00Z"));
        work();

        above.report(List.of(record(leaf, "late", "2026-04-01", 5, 0)));

        assertThat(above.usage(partner.id(), DAILY).get("daily")).isEqualTo(days);
        assertThat(rows(above.usage(partner.id(), CHILDREN))).isEqualTo(rows);
    }

    @Test
    void openPartMakesTheWholeDailyAndLeavesEveryOtherPartAsItIsAlone() {
        above.report(List.of(record(leaf, "a", "2026-04-01", 10, 900)));
        clock.moveTo(Instant.parse("2026-05-02T00:00:00Z"));
        work();

        above.report(
                List.of(record(leaf, "late", "2026-04-01", 5, 0), record(grandchild, "first", "2026-04-03", 100, 50)));

        assertThat(state(SUBTREE)).isEqualTo("daily 1 false");
        // The leaf's late record waits for its month to be closed again; the grandchild's is in a month never closed.
        assertThat(above.usage(leaf.id(), MONTH).at("/api_requests/total").longValue())
                .isEqualTo(10);
        assertThat(sums(above.usage(partner.id(), SUBTREE))).isEqualTo(new Sums(110, 950, 900));
        work();
        assertThat(state(SUBTREE)).isEqualTo("monthly 3 true");
        assertThat(sums(above.usage(partner.id(), SUBTREE))).isEqualTo(new Sums(115, 950, 900));
    }

    @Test
    void deletedOrganisationsCountInTheMonthsInWhichTheyHadUsage() {
        reportEverywhere();
        var before = rows(above.usage(partner.id(), CHILDREN));

        above.delete(subPartner.id());

        assertThat(rows(above.usage(partner.id(), CHILDREN))).isEqualTo(before);
        above.report(List.of(record(grandchild, "late", "2026-04-01", 1, 0)));
        assertThat(sums(above.usage(partner.id(), SUBTREE)).requests()).isEqualTo(1112);
    }

    @Test
    void usageAtAnyDepthIsFoundFromEveryHeight() {
        var chain = new ArrayList<Created>();
        chain.add(partner);
        while (chain.size() < 15) {
            chain.add(PartnerClient.of(chain.get(chain.size() - 1)).createPartner("Deeper"));
        }
        above.report(IntStream.range(0, chain.size())
                .mapToObj(n -> record(chain.get(n), "r", "2026-04-01", 1L << n, 1))
                .toList());

        IntStream.range(0, chain.size())
                .forEach(n -> assertThat(sums(above.usage(chain.get(n).id(), SUBTREE)))
                        .isEqualTo(new Sums((1L << 15) - (1L << n), 15 - n, 15 - n)));
        assertThat(rows(above.usage(partner.id(), CHILDREN)))
                .containsExactly(
                        Map.entry(partner.id(), new Sums(1, 1, 1)),
                        Map.entry(chain.get(1).id(), new Sums((1L << 15) - 2, 14, 14)));
    }

    @Test
    void ownTreeIsReadByPartnersAndOwners() {
        reportEverywhere();
        var owner = PartnerClient.with(Stored.otherKey(partner.apiKey(), Map.of("roles", List.of("ORG_OWNER"))));

        for (var client : List.of(owner, PartnerClient.of(partner))) {
            var usage = client.send("GET", "/usage?usage_month=" + CHILDREN).json();
            assertThat(usage.get("identifier").textValue()).isEqualTo("get_usage_successful");
            assertThat(rows(usage.at("/data/usage"))).isEqualTo(rows(above.usage(partner.id(), CHILDREN)));
        }
        assertThat(owner.send("GET", "/organisations/" + leaf.id() + "/usage?usage_month=" + MONTH)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void countedRequestsAreAddedToReportedOnesAndCloseTheirMonthAgain() {
        clock.moveTo(Instant.parse("2026-04-30T23:59:00Z"));
        above.report(List.of(record(leaf, "a", "2026-04-30", 10, 900)));
        count(leaf, 7);
        assertThat(sums(above.usage(leaf.id(), MONTH))).isEqualTo(new Sums(17, 900, 900));
        count(grandchild, 3);
        above.report(List.of(record(leaf, "b", "2026-04-30", 1, 0)));
        assertThat(rows(above.usage(partner.id(), CHILDREN)))
                .containsExactly(
                        Map.entry(partner.id(), new Sums(0, 0, 0)),
                        Map.entry(leaf.id(), new Sums(18, 900, 900)),
                        Map.entry(subPartner.id(), new Sums(3, 0, 0)));

        clock.moveTo(Instant.parse("2026-05-02T00:00:00Z"));
        work();
        assertThat(state(SUBTREE)).isEqualTo("monthly 2 true");
        clock.moveTo(Instant.parse("2026-04-30T23:59:00Z"));
        count(leaf, 100);
        assertThat(state(SUBTREE)).isEqualTo("monthly 2 false");
        clock.moveTo(Instant.parse("2026-05-02T00:00:00Z"));
        work();

        assertThat(state(SUBTREE)).isEqualTo("monthly 3 true");
        assertThat(sums(above.usage(leaf.id(), MONTH)).requests()).isEqualTo(118);
    }

    @Test
    void aCorrectionTakesCountedRequestsBack() {
        clock.moveTo(Instant.parse("2026-04-30T12:00:00Z"));
        count(leaf, 10);
        var correction = record(leaf, "c", "2026-04-30", -4, 0);
        correction.put("reason", "A load test");
        above.report(List.of(correction));

        assertThat(sums(above.usage(leaf.id(), MONTH)).requests()).isEqualTo(6);
    }

    @Test
    void commandsDoNotGrowWithTheNumberOfOrganisations() {
        var client = PartnerClient.of(partner);
        reportEverywhere();
        var few = commandsOf(Breakdown.CHILDREN);
        var ids = IntStream.range(0, 30)
                .mapToObj(n -> client.create("Customer " + n))
                .toList();
        ids.forEach(each -> client.report(IntStream.rangeClosed(1, 30)
                .mapToObj(day -> record(each, "r" + day, "2026-04-%02d".formatted(day), 1, 1))
                .toList()));

        // Whether records wait; the days that do; their months; the sums of the others.
        assertThat(few).containsExactly("find", "find", "find", "aggregate");
        assertThat(commandsOf(Breakdown.CHILDREN)).isEqualTo(few);
        assertThat(rows(above.usage(partner.id(), CHILDREN))).hasSize(33);
        clock.moveTo(Instant.parse("2026-05-02T00:00:00Z"));
        work();
        // As above, without the months of days that wait. Days take two sums at the same time.
        assertThat(commandsOf(Breakdown.NONE)).containsExactly("find", "find", "aggregate");
        assertThat(commandsOf(Breakdown.DAILY)).containsExactly("find", "find", "aggregate", "aggregate");
        assertThat(sums(above.usage(partner.id(), SUBTREE)).requests()).isEqualTo(1111 + 900);
    }

    @Test
    void changesOfAThousandDaysAreReadAndOfMoreAreAddedWithinTwoMinutes() {
        clock.moveTo(Instant.parse("2026-04-02T00:00:00Z"));
        above.report(List.of(record(leaf, "a", "2026-04-01", 10, 900)));
        copyToNewChildren("usage_days", UsageReading.MOST_PENDING - 1);

        assertThat(sums(above.usage(partner.id(), SUBTREE))).isEqualTo(new Sums(10_000, 900_000, 900_000));
        clock.moveTo(Instant.parse("2026-04-02T00:00:50Z"));
        assertThat(above.usage(partner.id(), SUBTREE).get("as_of").textValue()).startsWith("2026-04-02T00:00:5");

        copyToNewChildren("usage_days", 1);
        var old = above.usage(partner.id(), SUBTREE);
        assertThat(sums(old)).isEqualTo(new Sums(0, 0, 0));
        assertThat(old.get("as_of").textValue()).startsWith("2026-04-02T00:00:00");
        assertThat(old.get("complete").booleanValue()).isFalse();
        work();
        assertThat(sums(above.usage(partner.id(), SUBTREE))).isEqualTo(new Sums(10_010, 900_900, 900_900));
    }

    @Test
    void aThousandRowsOfChildrenAreShownAndMoreAreA409ThatSaysWhatToAsk() {
        reportEverywhere();
        work();
        copyToNewChildren("usage_months", RollUp.MOST_ROWS - 3);
        assertThat(rows(above.usage(partner.id(), CHILDREN))).hasSize(RollUp.MOST_ROWS);

        copyToNewChildren("usage_months", 1);

        var error = PartnerClient.error(
                above.send("GET", "/organisations/" + partner.id() + "/usage?usage_month=" + CHILDREN), 409);
        assertThat(error.code()).isEqualTo("limit_exceeded");
        assertThat(error.message())
                .isEqualTo("A roll-up can't have more than 1000 children; read the usage of the children one by one.");
        assertThat(sums(above.usage(partner.id(), SUBTREE)).requests()).isEqualTo(1111 + 998 * 10);
        assertThat(rows(above.usage(leaf.id(), CHILDREN))).hasSize(1);
    }

    @Test
    void figuresOfTheSameDayAtTheirBoundAreExactInAnOpenAndInAClosedMonth() {
        var most = ReportedUsage.MAX_FIGURE;
        clock.moveTo(Instant.parse("2026-04-02T00:00:00Z"));
        above.report(List.of(record(leaf, "a", "2026-04-01", most, most)));
        work();
        copyToNewChildren("usage_months", 5000);
        var all = BigInteger.valueOf(most).multiply(BigInteger.valueOf(5001));

        assertThat(exactly(above.usage(partner.id(), DAILY))).containsOnly(all);
        clock.moveTo(Instant.parse("2026-05-02T00:00:00Z"));
        work();

        assertThat(state(SUBTREE)).isEqualTo("monthly 5001 true");
        assertThat(exactly(above.usage(partner.id(), DAILY))).containsOnly(all);
    }

    private static List<BigInteger> exactly(JsonNode usage) {
        return Stream.of(
                        "/api_requests/total", "/storage/peak_bytes", "/daily/0/api_requests", "/daily/0/storage_bytes")
                .map(path -> usage.at(path).bigIntegerValue())
                .toList();
    }

    /** Copies what that collection stores of the leaf to children of the partner that have nothing else. */
    private void copyToNewChildren(String collection, int number) {
        ManyUsages.copy(leaf.id(), number, collection);
    }

    /** Figures that no two of which add up to a third: requests as powers of ten. */
    private void reportEverywhere() {
        assertThat(above.report(List.of(
                        record(partner, "p", "2026-04-01", 1, 100),
                        record(leaf, "l", "2026-04-01", 10, 900),
                        record(grandchild, "g1", "2026-04-01", 100, 50),
                        record(grandchild, "g2", "2026-04-02", 1000, 7),
                        record(subPartner, "s", "2026-04-02", 0, 500))))
                .containsOnly("recorded");
    }

    private void count(Created organisation, long requests) {
        counter.count(scope(organisation), requests);
        counter.flush().await().indefinitely();
    }

    private List<String> commandsOf(Breakdown breakdown) {
        var query = new UsageQuery(YearMonth.parse(MONTH), true, breakdown);
        var scope = scope(partner);
        return Commands.during(() -> reading.month(scope, query).await().indefinitely());
    }

    private OrgScope scope(Created organisation) {
        var check = keys.authenticate(Optional.of(organisation.apiKey()), KeySource.at(Optional.empty()))
                .await()
                .indefinitely();
        return check.validCaller().orElseThrow().scope();
    }

    private void work() {
        queue.runDue(Clock.offset(clock, Duration.ofMinutes(1))).await().indefinitely();
    }

    private String state(String query) {
        var usage = above.usage(partner.id(), query);
        return usage.get("source").textValue() + " "
                + usage.get("version").longValue() + " "
                + usage.get("complete").booleanValue();
    }

    private List<JsonNode> figures(String query) {
        var usage = above.usage(partner.id(), query);
        return List.of(usage.get("api_requests"), usage.get("storage"), usage.get("days_recorded"));
    }

    private static Sums sums(JsonNode usage) {
        return new Sums(
                usage.at("/api_requests/total").longValue(),
                usage.at("/storage/byte_days").longValue(),
                usage.at("/storage/peak_bytes").longValue());
    }

    private static List<Map.Entry<String, Sums>> rows(JsonNode usage) {
        return StreamSupport.stream(usage.get("children").spliterator(), false)
                .map(row -> Map.entry(
                        row.get("organisation_id").textValue(),
                        new Sums(
                                row.get("api_requests").longValue(),
                                row.get("byte_days").longValue(),
                                row.get("peak_bytes").longValue())))
                .toList();
    }

    private static Map<String, Object> record(Created organisation, String id, String day, long requests, long bytes) {
        var record = new LinkedHashMap<String, Object>();
        record.put("id", id);
        record.put("organisation_id", organisation.id());
        record.put("day", day);
        record.put("api_requests", requests);
        record.put("storage_bytes", bytes);
        return record;
    }
}
