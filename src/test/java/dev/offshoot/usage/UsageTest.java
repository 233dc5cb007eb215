package dev.offshoot.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.offshoot.task.TaskQueue;
import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.TestClock;
import dev.offshoot.testing.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From the report of a record to the month that a partner reads. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class UsageTest {
    private static final long MOST = (1L << 53) - 1;

    @Inject
    TaskQueue queue;

    @Inject
    TestClock clock;

    private PartnerClient partner;
    private PartnerClient.Created child;

    @BeforeEach
    void makePartnerAndChild() {
        partner =
                PartnerClient.with(PartnerClient.root().createPartner("Partner").partnerKey());
        child = partner.create("Child");
    }

    @AfterEach
    void resetClock() {
        clock.reset();
    }

    @Test
    void recordsOfADayAddUpAndTheLargestLevelCounts() {
        partner.report(List.of(
                record("a", "2026-04-01", 10L, 500L),
                record("b", "2026-04-01", 5L, 900L),
                record("c", "2026-04-01", 1L, 100L)));

        var usage = partner.usage(child.id(), "2026-04");

        assertThat(figures(usage)).isEqualTo(new Figures("daily", 16, 900, 900, 900, 900, 1, 0, false));
    }

    @Test
    void averageIsRoundedDownAndLatestIsTheLastDaysLevel() {
        partner.report(List.of(
                record("a", "2026-04-30", 1L, 10L),
                record("b", "2026-04-02", 1L, 25L),
                record("c", "2026-04-03", 1L, null)));

        var usage = partner.usage(child.id(), "2026-04");

        assertThat(figures(usage)).isEqualTo(new Figures("daily", 3, 35 / 3, 25, 10, 35, 3, 0, false));
    }

    @Test
    void aRecordCountsOnceHoweverOftenItIsReported() {
        var record = record("a", "2026-04-01", 10L, 500L);

        assertThat(partner.report(List.of(record, record))).containsExactly("recorded", "duplicate");
        assertThat(partner.report(List.of(record))).containsExactly("duplicate");
        assertThat(partner.report(List.of(record("a", "2026-04-01", 11L, 500L))))
                .containsExactly("conflict");
        assertThat(partner.report(List.of(record("a", "2026-04-02", 10L, 500L), record("b", "2026-04-01", 1L, null))))
                .containsExactly("conflict", "recorded");

        assertThat(partner.usage(child.id(), "2026-04")
                        .at("/api_requests/total")
                        .longValue())
                .isEqualTo(11);
    }

    @Test
    void idsAreUniquePerOrganisationOnly() {
        var other = partner.create("Other");

        assertThat(partner.report(List.of(
                        record("a", "2026-04-01", 1L, null), recordOf(other.id(), "a", "2026-04-01", 2L, null))))
                .containsExactly("recorded", "recorded");
    }

    @Test
    void correctionsAreAddedAndADayIsNeverBelowZero() {
        partner.report(List.of(record("a", "2026-04-01", 10L, 500L), record("b", "2026-04-02", 10L, 500L)));

        var outcomes = partner.report(
                List.of(correction("c", "2026-04-01", -4L, -100L), correction("d", "2026-04-02", -11L, -501L)));

        assertThat(outcomes).containsExactly("recorded", "recorded");
        assertThat(figures(partner.usage(child.id(), "2026-04")))
                .isEqualTo(new Figures("daily", 6, 200, 400, 0, 400, 2, 0, false));
    }

    @Test
    void figuresAreExactUpToTheirBoundAndRefusedBeyond() {
        assertThat(partner.report(List.of(record("a", "2026-04-01", MOST, MOST))))
                .containsExactly("recorded");
        assertThat(partner.usage(child.id(), "2026-04").at("/storage/byte_days").longValue())
                .isEqualTo(MOST);

        var beyond = partner.send(
                "POST", "/usage-records", Map.of("records", List.of(record("b", "2026-04-01", MOST + 1, null))));

        assertThat(PartnerClient.error(beyond, 400).violation()).containsOnlyKeys("records[0].api_requests");
    }

    @Test
    void negativeFiguresNeedAReason() {
        var answer = partner.send(
                "POST", "/usage-records", Map.of("records", List.of(record("a", "2026-04-01", -1L, null))));

        assertThat(PartnerClient.error(answer, 400).violation()).containsOnlyKeys("records[0].api_requests");
    }

    @Test
    void aThousandRecordsAreTakenAndOneMoreIsNot() {
        var records = IntStream.range(0, 1000)
                .mapToObj(n -> record("r" + n, "2026-04-%02d".formatted(n % 30 + 1), 1L, null))
                .toList();
        var tooMany = new java.util.ArrayList<>(records);
        tooMany.add(record("x", "2026-04-01", 1L, null));

        assertThat(PartnerClient.error(partner.send("POST", "/usage-records", Map.of("records", tooMany)), 400)
                        .violation())
                .containsOnlyKeys("records");
        assertThat(partner.usage(child.id(), "2026-04")
                        .at("/api_requests/total")
                        .longValue())
                .isZero();
        assertThat(partner.report(records)).containsOnly("recorded").hasSize(1000);
        assertThat(partner.usage(child.id(), "2026-04")
                        .at("/api_requests/total")
                        .longValue())
                .isEqualTo(1000);
    }

    @Test
    void oneMalformedRecordRefusesTheWholeReportAndNamesEveryField() {
        var bad = new HashMap<String, Object>(record("a", "2026-02-30", 1L, null));
        bad.put("id", "");
        bad.put("storage_bytes", "much");
        bad.put("extra", 1);

        var answer = partner.send(
                "POST", "/usage-records", Map.of("records", List.of(record("ok", "2026-04-01", 1L, null), bad)));

        assertThat(PartnerClient.error(answer, 400).violation())
                .containsOnlyKeys("records[1].id", "records[1].day", "records[1].storage_bytes", "records[1].extra");
        assertThat(partner.usage(child.id(), "2026-04").at("/days_recorded").intValue())
                .isZero();
    }

    @Test
    void aRecordNeedsAFigure() {
        var none = record("a", "2026-04-01", null, null);

        assertThat(PartnerClient.error(partner.send("POST", "/usage-records", Map.of("records", List.of(none))), 400)
                        .violation())
                .containsOnlyKeys("records[0].api_requests");
    }

    @Test
    void standardKeyReportsForItsOwnOrganisationWithoutCorrectionsAndClosedMonths() {
        clock.moveTo(Instant.parse("2026-05-10T00:00:00Z"));
        var customer = PartnerClient.with(child.apiKey());
        var other = partner.create("Other");

        assertThat(customer.report(List.of(
                        record("a", "2026-05-01", 1L, null),
                        recordOf(other.id(), "a", "2026-05-01", 1L, null),
                        correction("b", "2026-05-01", 1L, null),
                        record("c", "2026-04-30", 1L, null))))
                .containsExactly("recorded", "rejected", "rejected", "rejected");
        assertThat(partner.report(List.of(record("c", "2026-04-30", 1L, null)))).containsExactly("recorded");
    }

    @Test
    void gatewayKeyReportsForItsWholeTreeWithCorrectionsAndClosedMonths() {
        partner.report(List.of(record("a", "2026-04-30", 7L, 70L)));
        clock.moveTo(Instant.parse("2026-05-10T00:00:00Z"));
        work();
        var gateway = PartnerClient.with(Stored.otherKey(partner.key(), Map.of("roles", List.of("GATEWAY"))));
        partner.delete(child.id());

        assertThat(gateway.report(List.of(
                        correction("b", "2026-04-30", -2L, -20L), recordOf(child.id(), "c", "2026-05-01", 1L, null))))
                .containsExactly("recorded", "recorded");

        work();
        var path = "/organisations/" + child.id() + "/usage?include_deleted=true&usage_month=2026-04";
        assertThat(figures(partner.send("GET", path).json().at("/data/usage")))
                .isEqualTo(new Figures("monthly", 5, 50, 50, 50, 50, 1, 2, true));
    }

    @Test
    void aMonthIsClosedOneHourAfterItsEndAndNotBefore() {
        partner.report(List.of(record("a", "2026-04-30", 7L, 70L)));
        clock.moveTo(Instant.parse("2026-05-01T00:58:00Z"));
        work();
        assertThat(partner.usage(child.id(), "2026-04").get("source").textValue())
                .isEqualTo("daily");

        clock.moveTo(Instant.parse("2026-05-01T01:00:00Z"));
        work();

        assertThat(figures(partner.usage(child.id(), "2026-04")))
                .isEqualTo(new Figures("monthly", 7, 70, 70, 70, 70, 1, 1, true));
    }

    @Test
    void closingAgainChangesNothing() {
        partner.report(List.of(record("a", "2026-04-30", 7L, 70L)));
        clock.moveTo(Instant.parse("2026-05-02T00:00:00Z"));
        work();
        var closed = partner.usage(child.id(), "2026-04");
        // As after a crash between the closing and the mark that it was done.
        TestDatabase.data()
                .getCollection("usage_days")
                .updateMany(
                        new Document("organisation", new ObjectId(child.id())),
                        new Document(
                                "$set", new Document("pending_since", new Date(0)).append("task_due_at", new Date(0))));
        assertThat(partner.usage(child.id(), "2026-04").get("complete").booleanValue())
                .isFalse();

        work();

        assertThat(partner.usage(child.id(), "2026-04")).isEqualTo(closed);
    }

    @Test
    void aLateRecordClosesTheMonthAgainWithAHigherVersion() {
        partner.report(List.of(record("a", "2026-04-30", 7L, 70L)));
        clock.moveTo(Instant.parse("2026-05-02T00:00:00Z"));
        work();

        partner.report(List.of(record("late", "2026-04-30", 3L, 90L)));

        assertThat(figures(partner.usage(child.id(), "2026-04")))
                .isEqualTo(new Figures("monthly", 7, 70, 70, 70, 70, 1, 1, false));
        work();
        assertThat(figures(partner.usage(child.id(), "2026-04")))
                .isEqualTo(new Figures("monthly", 10, 90, 90, 90, 90, 1, 2, true));
    }

    @Test
    void aMonthWithoutRecordsIsZeros() {
        assertThat(figures(partner.usage(child.id(), "2031-01")))
                .isEqualTo(new Figures("daily", 0, 0, 0, 0, 0, 0, 0, false));
    }

    @Test
    void usageOfTheCallersOwnOrganisation() {
        var own = partner.list("").organisations().get(0);
        assertThat(own.id()).isEqualTo(child.id());

        var usage = partner.send("GET", "/usage?usage_month=2026-04").json();

        assertThat(usage.get("identifier").textValue()).isEqualTo("get_usage_successful");
        assertThat(usage.at("/data/usage/usage_month").textValue()).isEqualTo("2026-04");
        assertThat(usage.at("/data/usage/organisation_id").textValue()).isNotEqualTo(child.id());
    }

    @Test
    void usageOfADeletedOrganisationIsReadAndReportedWhenAskedFor() {
        partner.report(List.of(record("a", "2026-04-01", 7L, null)));
        partner.delete(child.id());

        assertThat(partner.report(List.of(record("b", "2026-04-01", 1L, null)))).containsExactly("recorded");
        var path = "/organisations/" + child.id() + "/usage?usage_month=2026-04";
        assertThat(PartnerClient.error(partner.send("GET", path), 404).code()).isEqualTo("organisation_not_found");
        var answer = partner.send("GET", path + "&include_deleted=true");
        assertThat(answer.json().at("/data/usage/api_requests/total").longValue())
                .isEqualTo(8);
    }

    @Test
    void monthsAreRefusedUnlessTheyAreReal() {
        for (var month : List.of("2026-13", "2026-00", "2026-4", "26-04", "2026-04-01", "٢٠٢٦-٠٤", "")) {
            var encoded = java.net.URLEncoder.encode(month, java.nio.charset.StandardCharsets.UTF_8);
            var answer = partner.send("GET", "/organisations/" + child.id() + "/usage?usage_month=" + encoded);
            assertThat(PartnerClient.error(answer, 400).violation()).containsOnlyKeys("usage_month");
        }
        assertThat(PartnerClient.error(partner.send("GET", "/usage"), 400).violation())
                .containsOnlyKeys("usage_month");
    }

    @Test
    void recordsThatWereNotDerivedAreDerivedByTheQueue() {
        partner.report(List.of(record("a", "2026-04-01", 7L, null)));
        TestDatabase.data().getCollection("usage_days").deleteOne(new Document("_id", child.id() + "/2026-04-01"));
        letWait("a");

        work();

        assertThat(partner.usage(child.id(), "2026-04")
                        .at("/api_requests/total")
                        .longValue())
                .isEqualTo(7);
    }

    @Test
    void recordsThatWereCountedAndNotMarkedAreNotCountedAgain() {
        partner.report(List.of(record("a", "2026-04-01", 7L, null), record("b", "2026-04-01", 1L, null)));
        letWait("a");
        letWait("b");

        partner.report(List.of(record("c", "2026-04-01", 2L, null)));
        work();

        assertThat(partner.usage(child.id(), "2026-04")
                        .at("/api_requests/total")
                        .longValue())
                .isEqualTo(10);
        var waiting =
                new Document("underived", new Document("$exists", true)).append("lineage", new ObjectId(child.id()));
        assertThat(TestDatabase.data().getCollection("usage_records").countDocuments(waiting))
                .isZero();
    }

    @Test
    void moreThanOneBatchThatWaitsIsDerivedWhole() {
        for (var batch = 0; batch < 3; batch++) {
            var from = batch * 1000;
            partner.report(IntStream.range(from, from + 1000)
                    .mapToObj(n -> record("r" + n, "2026-04-01", 1L, null))
                    .toList());
        }
        TestDatabase.data().getCollection("usage_days").deleteOne(new Document("_id", child.id() + "/2026-04-01"));
        IntStream.range(0, 3000).forEach(n -> letWait("r" + n));

        work();

        assertThat(partner.usage(child.id(), "2026-04")
                        .at("/api_requests/total")
                        .longValue())
                .isEqualTo(3000);
    }

    /** As after a crash between the insert of a record, or the derivation of its day, and the mark. */
    private void letWait(String record) {
        var underived = new Document("day", child.id() + "/2026-04-01").append("since", new Date(0));
        TestDatabase.data()
                .getCollection("usage_records")
                .updateOne(
                        new Document("_id", child.id() + "/" + record),
                        new Document("$set", new Document("underived", underived).append("task_due_at", new Date(0))));
    }

    @Test
    void commandsPerCall() {
        partner.report(List.of(record("a", "2026-04-01", 1L, 1L)));

        // The organisation; whether records or days wait, the closed month, the days.
        assertThat(Commands.during(() -> partner.usage(child.id(), "2026-04")))
                .isEqualTo(Collections.nCopies(5, "find"));
        // The organisation, the record, then the day: its revision, its records, its figures, whether they are ours,
        // the mark.
        assertThat(Commands.during(() -> partner.report(List.of(record("b", "2026-04-01", 1L, 1L)))))
                .containsExactly("find", "insert", "find", "find", "update", "find", "update");
    }

    @Test
    void manyOrganisationsReportedAtOnceAndAgainTakeAFewCommands() {
        var ids = IntStream.range(0, 20)
                .mapToObj(n -> partner.create("Child " + n).id())
                .toList();
        partner.report(
                ids.stream().map(id -> recordOf(id, "a", "2026-04-01", 1L, 1L)).toList());

        var commands = Commands.during(() -> partner.report(
                ids.stream().map(id -> recordOf(id, "b", "2026-04-01", 2L, 1L)).toList()));

        assertThat(commands).containsExactly("find", "insert", "find", "find", "update", "find", "update");
        assertThat(ids).allSatisfy(id -> assertThat(
                        partner.usage(id, "2026-04").at("/api_requests/total").longValue())
                .isEqualTo(3));
    }

    @Test
    void reportsOfOneDayAtTheSameTimeAllCountAtOnce() {
        var reports = IntStream.range(0, 24)
                .mapToObj(n -> CompletableFuture.supplyAsync(
                        () -> partner.report(List.of(record("r" + n, "2026-04-01", 1L, null)))))
                .toList();

        reports.forEach(report -> assertThat(report.join()).containsExactly("recorded"));

        assertThat(partner.usage(child.id(), "2026-04")
                        .at("/api_requests/total")
                        .longValue())
                .isEqualTo(24);
    }

    private void work() {
        queue.runDue(Clock.offset(clock, Duration.ofMinutes(1))).await().indefinitely();
    }

    private record Figures(
            String source,
            long requests,
            long average,
            long peak,
            long latest,
            long byteDays,
            int days,
            int version,
            boolean complete) {}

    private static Figures figures(JsonNode usage) {
        var storage = usage.get("storage");
        return new Figures(
                usage.get("source").textValue(),
                usage.at("/api_requests/total").longValue(),
                storage.get("average_bytes").longValue(),
                storage.get("peak_bytes").longValue(),
                storage.get("latest_bytes").longValue(),
                storage.get("byte_days").longValue(),
                usage.get("days_recorded").intValue(),
                usage.get("version").intValue(),
                usage.get("complete").booleanValue());
    }

    private Map<String, Object> record(String id, String day, Long requests, Long bytes) {
        return recordOf(child.id(), id, day, requests, bytes);
    }

    private Map<String, Object> correction(String id, String day, Long requests, Long bytes) {
        var record = record(id, day, requests, bytes);
        record.put("reason", "Counted twice");
        return record;
    }

    private static Map<String, Object> recordOf(String organisation, String id, String day, Long requests, Long bytes) {
        var record = new LinkedHashMap<String, Object>();
        record.put("id", id);
        record.put("organisation_id", organisation);
        record.put("day", day);
        if (requests != null) {
            record.put("api_requests", requests);
        }
        if (bytes != null) {
            record.put("storage_bytes", bytes);
        }
        return record;
    }
}
