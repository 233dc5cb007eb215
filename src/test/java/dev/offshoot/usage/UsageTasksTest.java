package dev.offshoot.usage;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.unset;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoCollection;
import dev.offshoot.scope.Located;
import dev.offshoot.task.BatchTaskHandler;
import dev.offshoot.task.RecordWithSharedTask;
import dev.offshoot.task.SharedTaskHandler;
import dev.offshoot.task.SharedTaskRepository;
import dev.offshoot.task.Steps;
import dev.offshoot.task.TaskHandler;
import dev.offshoot.task.TaskQueue;
import dev.offshoot.task.TaskType;
import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.Logs;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.TestClock;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.testing.Together;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Days to derive and months to close: whose turn it is, who runs them, and what becomes of those that fail. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class UsageTasksTest {
    private static final int MANY = 500;
    private static final LocalDate DAY = LocalDate.of(2024, 2, 3);
    private static final Instant NOW = Instant.parse("2026-05-02T00:00:00Z");

    @Inject
    TaskQueue queue;

    @Inject
    UsageRecordRepository records;

    @Inject
    UsageDayRepository days;

    @Inject
    UsageMonthRepository months;

    @Inject
    MeterRegistry metrics;

    @Inject
    TestClock clock;

    private PartnerClient partner;
    private String organisation;

    @BeforeEach
    void reportADayAndCloseItsMonth() {
        clock.moveTo(NOW);
        partner = PartnerClient.newPartner();
        organisation = partner.create("Child").id();
        partner.report(
                List.of(Map.of("id", "r", "organisation_id", organisation, "day", DAY.toString(), "api_requests", 7)));
        runQueue();
    }

    @AfterEach
    void removeWhatFails() {
        List.of(records(), days())
                .forEach(each -> each.updateMany(
                        exists("task_due_at"),
                        combine(unset("task_due_at"), unset("underived"), unset("pending_since"))));
        clock.reset();
    }

    @Test
    void dayIsDerivedInItsTimeBehind500ThatAlwaysFail() {
        var broken =
                IntStream.range(0, MANY).mapToObj(DAY.plusMonths(1)::plusDays).toList();
        days().insertMany(broken.stream().map(this::brokenDay).toList());
        records()
                .insertMany(broken.stream()
                        .map(day -> waitingRecord("r" + day, day, NOW.minusSeconds(200)))
                        .toList());
        records().insertOne(waitingRecord("good", DAY, NOW.minusSeconds(100)));
        var failuresBefore = failures(TaskType.USAGE_DAYS);

        var log = Logs.troubleDuring(this::runQueue);

        assertThat(stored("good")).doesNotContainKeys("underived", "task_due_at");
        assertBoundedLog(log, "job=derive-usage-days type=USAGE_DAYS");
        assertThat(attempts(records())).hasSize(MANY).containsOnly(1);
        assertThat(failures(TaskType.USAGE_DAYS) - failuresBefore).isEqualTo(MANY);
    }

    @Test
    void monthIsDerivedInItsTimeBehind500ThatAlwaysFail() {
        days().insertMany(IntStream.range(1, MANY + 1)
                .mapToObj(month -> open(brokenDay(DAY.minusMonths(month)), NOW.minusSeconds(200)))
                .toList());
        days().insertOne(open(day(DAY.plusDays(1)), NOW.minusSeconds(100)));
        var failuresBefore = failures(TaskType.USAGE_MONTHS);

        var log = Logs.troubleDuring(this::runQueue);

        assertThat(requests(DAY)).isEqualTo(14);
        assertThat(partner.usage(organisation, "2024-02").get("complete").booleanValue())
                .isTrue();
        assertBoundedLog(log, "job=derive-usage-months type=USAGE_MONTHS");
        assertThat(attempts(days())).hasSize(MANY).containsOnly(1);
        assertThat(failures(TaskType.USAGE_MONTHS) - failuresBefore).isEqualTo(MANY);
    }

    @Test
    void failedDayWaitsAMinuteAndThenTwiceAsLongEachTimeUpToAnHour() {
        var next = DAY.plusDays(1);
        days().insertOne(brokenDay(next));
        records().insertMany(List.of(waitingRecord("a", next, NOW), waitingRecord("b", next, NOW)));

        assertThat(minutesWaited(records())).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
    }

    @Test
    void failedMonthWaitsAMinuteAndThenTwiceAsLongEachTimeUpToAnHour() {
        var next = DAY.plusMonths(1);
        days().insertMany(List.of(open(brokenDay(next), NOW), open(brokenDay(next.plusDays(1)), NOW)));

        assertThat(minutesWaited(days())).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
    }

    @Test
    void recordThatComesLaterDoesNotWaitForTheFailedOnesOfItsDay() {
        var next = DAY.plusDays(1);
        days().insertOne(brokenDay(next));
        records().insertOne(waitingRecord("failed", next, NOW).append("task_attempts", 5));
        runQueue();
        records().insertOne(waitingRecord("late", next, NOW));
        var waiting = stored("failed");

        runQueue();

        assertThat(stored("late").getInteger("task_attempts")).isEqualTo(1);
        assertThat(stored("failed")).isEqualTo(waiting);
    }

    @Test
    void twoQueuesDeriveEachDayOnce() throws Exception {
        var waiting = IntStream.range(0, 300).mapToObj(DAY::plusDays).toList();
        records()
                .insertMany(waiting.stream()
                        .flatMap(day -> IntStream.range(0, 3).mapToObj(n -> waitingRecord(day + "-" + n, day, NOW)))
                        .toList());
        var taken = new ConcurrentLinkedQueue<String>();
        Callable<Void> replica = () -> {
            run(new Taking<>(TaskType.USAGE_DAYS, records, taken, due -> records.underivedOf(
                            due.scope(), Set.of(due.record().dayId()), MANY)
                    .chain(all -> records.markDerived(
                            due.scope(), all.stream().map(UsageRecord::id).toList()))));
            return null;
        };

        Together.run(List.of(replica, replica));

        assertThat(taken)
                .containsExactlyInAnyOrderElementsOf(
                        waiting.stream().map(this::dayId).toList());
        assertThat(records().countDocuments(exists("task_due_at"))).isZero();
    }

    @Test
    void twoQueuesIncludeEachDayOnce() throws Exception {
        var waiting = IntStream.range(1, 1501).mapToObj(DAY::minusDays).toList();
        days().insertMany(waiting.stream().map(day -> open(day(day), NOW)).toList());
        var taken = new ConcurrentLinkedQueue<String>();
        Callable<Void> replica = () -> {
            run(new TakingBatches(days, taken));
            return null;
        };

        Together.run(List.of(replica, replica));

        assertThat(taken)
                .containsExactlyInAnyOrderElementsOf(
                        waiting.stream().map(this::dayId).toList());
        assertThat(days().countDocuments(ownTasks())).isZero();
    }

    @Test
    void twoQueuesCloseAllMonths() throws Exception {
        var waiting = IntStream.range(1, 1201).mapToObj(DAY::minusMonths).toList();
        var model = Objects.requireNonNull(
                months().find(eq("_id", organisation + "/2024-02")).first());
        months().insertMany(waiting.stream().map(day -> openMonth(model, day)).toList());
        Callable<Void> replica = () -> {
            run(new MonthClosing(days, months, clock));
            return null;
        };

        Together.run(List.of(replica, replica));

        var closed = months().find(eq("organisation", new ObjectId(organisation)))
                .map(month -> month.getInteger("version"))
                .into(new ArrayList<>());
        assertThat(closed).hasSize(1201).containsOnly(1);
        assertThat(months().countDocuments(ownTasks())).isZero();
    }

    @Test
    void monthThatLacksAChangeIsLeftToTheDerivation() {
        var model = Objects.requireNonNull(
                months().find(eq("_id", organisation + "/2024-02")).first());
        months().insertMany(List.of(openMonth(model, DAY.plusMonths(1)), openMonth(model, DAY.plusMonths(2))));
        days().insertOne(open(day(DAY.plusMonths(1)), NOW.plusSeconds(60)));

        run(new MonthClosing(days, months, clock));

        assertThat(version(DAY.plusMonths(1))).isZero();
        assertThat(version(DAY.plusMonths(2))).isEqualTo(1);
        clock.moveTo(NOW.plusSeconds(120));
        runQueue();
        assertThat(version(DAY.plusMonths(1))).isEqualTo(1);
    }

    private int version(LocalDate day) {
        return Objects.requireNonNull(months().find(eq("_id", organisation + "/" + UsageMonth.textOf(day)))
                        .first())
                .getInteger("version");
    }

    @Test
    void manyDaysAndMonthsTakeAsManyCommandsAsOne() {
        days().insertOne(open(day(DAY.minusMonths(1)), NOW));
        var one = commandsOf(new MonthDerivation(days, months, clock));
        // What is due, the claim, the months, the days; the new months, whether they are stored, the days' marks.
        assertThat(one).containsExactly("find", "update", "find", "find", "insert", "find", "update", "find");

        days().insertMany(IntStream.range(2, 202)
                .mapToObj(month -> open(day(DAY.minusMonths(month)), NOW))
                .toList());
        assertThat(commandsOf(new MonthDerivation(days, months, clock))).isEqualTo(one);

        var model = Objects.requireNonNull(
                months().find(eq("_id", organisation + "/2024-02")).first());
        months().insertMany(IntStream.range(1, 201)
                .mapToObj(month -> openMonth(model, DAY.plusMonths(month)))
                .toList());
        assertThat(commandsOf(new MonthClosing(days, months, clock)))
                .containsExactly("find", "update", "find", "update", "find");
    }

    private List<String> commandsOf(TaskHandler handler) {
        return Commands.during(() -> run(handler));
    }

    private void runQueue() {
        queue.runDue(clock).await().atMost(Duration.ofMinutes(1));
    }

    private void run(TaskHandler handler) {
        Steps.again(1000, () -> handler.runDue(clock), result -> !result.mayHaveMore())
                .onItem()
                .ignoreAsUni()
                .await()
                .atMost(Duration.ofMinutes(1));
    }

    /** For how long the task waits after each of eight attempts; it is not tried before that. */
    private List<Long> minutesWaited(MongoCollection<Document> collection) {
        return IntStream.range(0, 8)
                .mapToObj(attempt -> {
                    var now = clock.instant();
                    runQueue();
                    var due = Objects.requireNonNull(collection
                                    .find(ownTasks())
                                    .sort(new Document("task_due_at", -1))
                                    .first())
                            .getDate("task_due_at")
                            .toInstant();
                    clock.moveTo(due.minusSeconds(10));
                    runQueue();
                    assertThat(attempts(collection)).containsExactly(attempt + 1, attempt + 1);
                    clock.moveTo(due);
                    return Duration.between(now, due).toMinutes();
                })
                .toList();
    }

    private double failures(TaskType type) {
        return metrics.get("offshoot.task.failures")
                .tags("type", type.name().toLowerCase(Locale.ROOT), "pending", "over_a_day")
                .counter()
                .count();
    }

    private static void assertBoundedLog(List<String> log, String names) {
        assertThat(log.size()).as(log.toString()).isBetween(1, 20);
        assertThat(log).allSatisfy(line -> assertThat(line)
                .containsPattern("^WARN A pending task failed and will be tried again: " + names
                        + " org=[0-9a-f]{24} since=[^ ]+ failures=[0-9]+"
                        + " cause=java.lang.NumberFormatException: [^\n]* null$"));
    }

    private static MongoCollection<Document> records() {
        return TestDatabase.data().getCollection("usage_records");
    }

    private static MongoCollection<Document> months() {
        return TestDatabase.data().getCollection("usage_months");
    }

    private static MongoCollection<Document> days() {
        return TestDatabase.data().getCollection("usage_days");
    }

    /** Other tests leave days that wait, and months that are not over. */
    private Bson ownTasks() {
        return and(exists("task_due_at"), eq("organisation", new ObjectId(organisation)));
    }

    private List<Integer> attempts(MongoCollection<Document> collection) {
        return collection
                .find(ownTasks())
                .map(each -> each.getInteger("task_attempts"))
                .into(new ArrayList<>());
    }

    private long requests(LocalDate day) {
        return partner.usage(organisation, UsageMonth.textOf(day))
                .at("/api_requests/total")
                .longValue();
    }

    private String dayId(LocalDate day) {
        return organisation + "/" + day;
    }

    private String recordId(String name) {
        return organisation + "/" + name;
    }

    private Document stored(String record) {
        return Objects.requireNonNull(
                records().find(eq("_id", recordId(record))).first());
    }

    /** A copy of the reported record that waits for a day to be derived. */
    private Document waitingRecord(String name, LocalDate day, Instant dueAt) {
        var received = Date.from(dueAt.minus(Duration.ofDays(2)));
        var record = stored("r");
        record.putAll(Map.of(
                "_id", recordId(name),
                "day_id", dayId(day),
                "month", UsageMonth.textOf(day),
                "received_at", received,
                "underived", new Document("day", dayId(day)).append("since", received),
                "task_due_at", Date.from(dueAt)));
        return record;
    }

    /** A copy of the derived day, as another day of a closed month. */
    private Document day(LocalDate day) {
        var copy = Objects.requireNonNull(days().find(eq("_id", dayId(DAY))).first());
        copy.putAll(Map.of("_id", dayId(day), "month", UsageMonth.textOf(day)));
        return copy;
    }

    /** A day whose sums can't be read, so that neither it nor its month can be derived. */
    private Document brokenDay(LocalDate day) {
        var broken = day(day);
        broken.get("sums", Document.class).put("requests", "no number");
        return broken;
    }

    /** The day waits to be included in its month. */
    private static Document open(Document day, Instant dueAt) {
        return day.append("pending_since", Date.from(dueAt.minus(Duration.ofDays(2))))
                .append("task_due_at", Date.from(dueAt));
    }

    /** The month waits to be closed. */
    private Document openMonth(Document model, LocalDate day) {
        var month = UsageMonth.textOf(day);
        return new Document(model)
                .append("_id", organisation + "/" + month)
                .append("month", month)
                .append("version", 0)
                .append("pending_since", Date.from(NOW))
                .append("task_due_at", Date.from(NOW));
    }

    /** Notes the days that it is given, and marks them as included. */
    private static final class TakingBatches extends BatchTaskHandler {
        private final UsageDayRepository days;
        private final ConcurrentLinkedQueue<String> taken;

        private TakingBatches(UsageDayRepository days, ConcurrentLinkedQueue<String> taken) {
            super(TaskType.USAGE_MONTHS, days);
            this.days = days;
            this.taken = taken;
        }

        @Override
        public String name() {
            return "days that are taken";
        }

        @Override
        protected Uni<Void> run(List<String> ids, Instant lease) {
            return days.claimed(ids, lease)
                    .invoke(claimed ->
                            claimed.forEach(day -> taken.add(day.record().id())))
                    .chain(days::markIncluded);
        }
    }

    /** Notes the tasks that it is given, and completes them. */
    private static final class Taking<R extends RecordWithSharedTask> extends SharedTaskHandler<R> {
        private final ConcurrentLinkedQueue<String> taken;
        private final Function<Located<R>, Uni<Void>> completion;

        private Taking(
                TaskType type,
                SharedTaskRepository<R, ?> repository,
                ConcurrentLinkedQueue<String> taken,
                Function<Located<R>, Uni<Void>> completion) {
            super(type, repository);
            this.taken = taken;
            this.completion = completion;
        }

        @Override
        public String name() {
            return "tasks that are taken";
        }

        @Override
        protected Uni<Void> run(Located<R> due) {
            taken.add(due.record().taskKey());
            return completion.apply(due);
        }
    }
}
