package dev.offshoot.usage;

import static java.math.BigInteger.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.apikey.KeyAuthenticator;
import dev.offshoot.apikey.KeySource;
import dev.offshoot.organisation.OrganisationPlace;
import dev.offshoot.scope.Located;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.task.BatchResult;
import dev.offshoot.task.TaskHandler;
import dev.offshoot.testing.Cases;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.TestClock;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.usage.RecordResult.Outcome;
import dev.offshoot.usage.UsageQuery.Breakdown;
import dev.offshoot.value.OrgId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.sessions.JqwikSession;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whatever is reported, counted, repeated, closed, corrected and cut off, and in whatever order, the totals are those of
 * the distinct records and of the counts that were written down, added up. Each case has a month of its own.
 */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class UsageTotalsTest {
    private static final int CASES = 40;
    private static final int ORGANISATIONS = 4;
    private static final int DAYS = 3;
    private static final int INSTANCES = 2;

    /**
     * The embedded server does not set a number that it can't tell from the one before as a double. So no sum may be that
     * large there.
     */
    private static final long MOST =
            TestDatabase.hasIndexes() ? ReportedUsage.MAX_FIGURE : ReportedUsage.MAX_FIGURE >> 10;

    /** Longer than a task is leased by a derivation that another came before. */
    private static final Duration LEASE_IS_OVER = Duration.ofHours(2);

    /** After every month of a case, and when everything is due. */
    private static final Instant LATER = Instant.parse("2030-01-01T00:00:00Z");

    @Inject
    UsageReports reports;

    @Inject
    UsageReading reading;

    @Inject
    UsageRecordRepository records;

    @Inject
    UsageDayRepository days;

    @Inject
    DayDerivation derivation;

    @Inject
    MonthDerivation months;

    @Inject
    MonthClosing closing;

    @Inject
    KeyAuthenticator keys;

    @Inject
    TestClock clock;

    /** The partner, its child, its partner child, and the grandchild beneath that one. */
    private final List<OrgScope> scopes = new ArrayList<>();

    /** What can happen. Organisations, days and instances have a number for a name. */
    private sealed interface Step {}

    /** A report; one whose process ends in between leaves the records where they are, not derived. */
    private record Report(List<Entry> entries, boolean cutOff) implements Step {}

    private record Entry(int organisation, int id, int day, Long requests, Long bytes, boolean correction) {}

    /** Reports and a flush at the same time, none of whose ids was reported before. */
    private record AtOnce(List<Entry> one, List<Entry> other, int instance) implements Step {}

    private record Count(int instance, int organisation, int day, long requests) implements Step {}

    private record Flush(int instance, boolean answerLost) implements Step {}

    /** A flush that was sent some time ago arrives once more. */
    private record FlushAgain(int number) implements Step {}

    private record Crash(int instance) implements Step {}

    /** The queue runs, before or after the month's end; a process that ends in between leaves unmarked what it derived. */
    private record Work(boolean closes, boolean cutOff) implements Step {}

    @BeforeEach
    void plant() {
        var partner = PartnerClient.root().createPartner("Partner");
        var client = PartnerClient.of(partner);
        var subPartner = client.createPartner("Partner beneath");
        var grandchild = PartnerClient.of(subPartner).create("Grandchild");
        List.of(partner, client.create("Child"), subPartner, grandchild).forEach(each -> scopes.add(scope(each)));
    }

    @AfterEach
    void resetClock() {
        clock.reset();
    }

    @Test
    void anyInterleavingGivesTheTotalsOfTheDistinctRecordsAndTheWrittenCounts() {
        JqwikSession.run(() -> {
            var steps = step().list().ofMinSize(3).ofMaxSize(20).generator(1000, true);
            for (var number = 0; number < Cases.of(CASES); number++) {
                run(number, steps.next(new Random(number)).value());
            }
        });
    }

    private void run(int number, List<Step> steps) {
        var run = new Run(YearMonth.of(2001, 1).plusMonths(number));
        try {
            for (var step : steps) {
                run.take(step);
                if (step instanceof Work) {
                    run.checkThatPartsAddUp();
                }
            }
            run.end();
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError("case " + number + ": " + steps, failure);
        }
    }

    private OrgScope scope(Created organisation) {
        var check = keys.authenticate(Optional.of(organisation.apiKey()), KeySource.at(Optional.empty()))
                .await()
                .indefinitely();
        return check.validCaller().orElseThrow().scope();
    }

    private record Place(int organisation, int day) {}

    /** One case, and the model beside it: what was recorded by id, and what each counter has written down. */
    private final class Run {
        private final YearMonth month;
        private final Map<String, Entry> recorded = new LinkedHashMap<>();
        private final Map<Place, BigInteger> written = new HashMap<>();
        private final List<List<RequestCount>> sent = new ArrayList<>();
        private final List<RequestCounter> instances = new ArrayList<>();
        private final List<Map<Place, BigInteger>> unwritten = new ArrayList<>();
        private int fresh = 1000;
        private Instant due = LATER;

        Run(YearMonth month) {
            this.month = month;
            IntStream.range(0, INSTANCES).forEach(n -> {
                instances.add(new RequestCounter(days, clock));
                unwritten.add(new HashMap<>());
            });
        }

        void take(Step step) {
            clock.moveTo(month.atDay(DAYS).atTime(12, 0).toInstant(ZoneOffset.UTC));
            if (step instanceof Report report) {
                report(report);
            } else if (step instanceof AtOnce atOnce) {
                atOnce(atOnce);
            } else if (step instanceof Count count) {
                count(count);
            } else if (step instanceof Flush flush) {
                flush(flush);
            } else if (step instanceof FlushAgain again && !sent.isEmpty()) {
                write(sent.get(again.number() % sent.size()));
            } else if (step instanceof Crash crash) {
                instances.set(crash.instance(), new RequestCounter(days, clock));
                unwritten.get(crash.instance()).clear();
            } else if (step instanceof Work work) {
                work(work);
            }
        }

        /** At any moment a tree is the sum of its parts, by day, by child and by what each shows alone. */
        void checkThatPartsAddUp() {
            for (var top : List.of(0, 2)) {
                var beneath = top == 0 ? List.of(0, 1, 2, 3) : List.of(2, 3);
                var tree = read(top, true, Breakdown.CHILDREN);
                var alone = beneath.stream()
                        .map(each -> read(each, false, Breakdown.NONE))
                        .toList();
                assertThat(requests(alone.stream().map(MonthlyUsage::figures).toList()))
                        .isEqualTo(tree.figures().apiRequests());
                assertThat(byteDays(alone.stream().map(MonthlyUsage::figures).toList()))
                        .isEqualTo(tree.figures().byteDays());
                assertThat(requests(tree.children().stream()
                                .map(ChildUsage::figures)
                                .toList()))
                        .isEqualTo(tree.figures().apiRequests());
                assertThat(byteDays(tree.children().stream()
                                .map(ChildUsage::figures)
                                .toList()))
                        .isEqualTo(tree.figures().byteDays());
                assertThat(tree.version())
                        .isEqualTo(
                                alone.stream().mapToLong(MonthlyUsage::version).sum());
                var used = alone.stream()
                        .filter(each -> each.figures().daysRecorded() > 0 || each.version() > 0)
                        .toList();
                assertThat(tree.closed())
                        .isEqualTo(!used.isEmpty() && used.stream().allMatch(MonthlyUsage::closed));
                assertThat(tree.complete())
                        .isEqualTo(!used.isEmpty() && used.stream().allMatch(MonthlyUsage::complete));
            }
        }

        /** Everything that is left is done. */
        void end() {
            IntStream.range(0, INSTANCES).forEach(n -> flush(new Flush(n, false)));
            work(new Work(true, false));
            for (var organisation = 0; organisation < ORGANISATIONS; organisation++) {
                check(read(organisation, false, Breakdown.DAILY), model(Set.of(organisation)));
            }
            check(read(2, true, Breakdown.DAILY), model(Set.of(2, 3)));
            check(read(0, true, Breakdown.DAILY), model(Set.of(0, 1, 2, 3)));
            checkThatPartsAddUp();
            var closed = read(0, true, Breakdown.CHILDREN);
            work(new Work(true, false));
            var again = read(0, true, Breakdown.CHILDREN);
            assertThat(again.children()).isEqualTo(closed.children());
            assertThat(again.version()).isEqualTo(closed.version());
        }

        private void check(MonthlyUsage usage, List<DailyUsage> expected) {
            assertThat(usage.daily()).isEqualTo(expected);
            assertThat(usage.figures().apiRequests())
                    .isEqualTo(
                            sum(expected.stream().map(DailyUsage::apiRequests).toList()));
            assertThat(usage.figures().byteDays())
                    .isEqualTo(
                            sum(expected.stream().map(DailyUsage::storageBytes).toList()));
            assertThat(usage.closed()).isEqualTo(!expected.isEmpty());
            assertThat(usage.complete()).isEqualTo(!expected.isEmpty());
        }

        private MonthlyUsage read(int organisation, boolean subtree, Breakdown breakdown) {
            clock.moveTo(LATER);
            return reading.month(scopes.get(organisation), new UsageQuery(month, subtree, breakdown))
                    .await()
                    .indefinitely();
        }

        private void report(Report report) {
            if (report.cutOff()) {
                var outcomes = new ArrayList<Entry>();
                report.entries().stream()
                        .filter(entry -> recorded.putIfAbsent(key(entry), entry) == null)
                        .forEach(outcomes::add);
                insertOnly(outcomes);
                return;
            }
            var expected = report.entries().stream().map(this::expected).toList();
            assertThat(results(report.entries()).await().indefinitely())
                    .extracting(RecordResult::outcome)
                    .isEqualTo(expected);
        }

        private Outcome expected(Entry entry) {
            var before = recorded.putIfAbsent(key(entry), entry);
            if (before == null) {
                return Outcome.RECORDED;
            }
            return before.equals(entry) ? Outcome.DUPLICATE : Outcome.CONFLICT;
        }

        private Uni<List<RecordResult>> results(List<Entry> entries) {
            return reports.report(
                    new Reporter(scopes.get(0), true),
                    entries.stream().map(this::reported).toList());
        }

        private void insertOnly(List<Entry> entries) {
            var fresh = entries.stream()
                    .map(entry -> UsageRecord.of(
                            reported(entry), place(entry.organisation()), new ObjectId(), clock.instant()))
                    .toList();
            if (!fresh.isEmpty()) {
                records.insertNew(scopes.get(0), fresh).await().indefinitely();
            }
        }

        private void atOnce(AtOnce step) {
            var one = unheardOf(step.one());
            var other = unheardOf(step.other());
            var instance = instances.get(step.instance());
            var all = List.<Uni<?>>of(
                    results(one), results(other), instance.flush(), deriveDays(), deriveMonths(), deriveMonths());
            Uni.join()
                    .all(all.stream().map(each -> each.replaceWithVoid()).toList())
                    .andFailFast()
                    .await()
                    .indefinitely();
            one.forEach(this::expected);
            other.forEach(this::expected);
            wrote(step.instance());
        }

        private List<Entry> unheardOf(List<Entry> entries) {
            return entries.stream()
                    .map(entry -> new Entry(
                            entry.organisation(),
                            fresh++,
                            entry.day(),
                            entry.requests(),
                            entry.bytes(),
                            entry.correction()))
                    .toList();
        }

        private void count(Count step) {
            clock.moveTo(month.atDay(step.day() + 1).atTime(12, 0).toInstant(ZoneOffset.UTC));
            instances.get(step.instance()).count(scopes.get(step.organisation()), step.requests());
            if (step.requests() > 0) {
                unwritten
                        .get(step.instance())
                        .merge(
                                new Place(step.organisation(), step.day()),
                                BigInteger.valueOf(step.requests()),
                                BigInteger::add);
            }
        }

        private void flush(Flush step) {
            var instance = instances.get(step.instance());
            var counts = instance.waiting();
            sent.add(counts);
            if (step.answerLost()) {
                write(counts);
            } else {
                instance.flush().await().indefinitely();
            }
            wrote(step.instance());
        }

        private void wrote(int instance) {
            unwritten.get(instance).forEach((place, requests) -> written.merge(place, requests, BigInteger::add));
            unwritten.get(instance).clear();
        }

        private void write(List<RequestCount> counts) {
            if (!counts.isEmpty()) {
                var asDays = counts.stream()
                        .map(count -> new Located<>(count.asDay(clock.instant()), count.organisation()))
                        .toList();
                days.insertCounted(asDays)
                        .chain(() -> days.raise(counts, clock.instant()))
                        .await()
                        .indefinitely();
            }
        }

        private void work(Work step) {
            due = due.plus(LEASE_IS_OVER);
            deriveDays().await().indefinitely();
            if (step.closes()) {
                clock.moveTo(LATER);
            }
            runAll(months);
            if (step.closes()) {
                runAll(closing);
            }
            if (step.cutOff()) {
                unmark();
            }
        }

        private Uni<BatchResult> deriveDays() {
            return derivation.runDue(Clock.fixed(due, ZoneOffset.UTC));
        }

        private Uni<BatchResult> deriveMonths() {
            return months.runDue(Clock.fixed(due, ZoneOffset.UTC));
        }

        /** Runs as the queue does, when everything is due. */
        private void runAll(TaskHandler handler) {
            var at = Clock.fixed(due, ZoneOffset.UTC);
            while (handler.runDue(at).await().indefinitely().mayHaveMore()) {
                // there may be more
            }
        }

        /** The records that the days absorbed last wait again, and so do the days. */
        private void unmark() {
            var ofMonth = new Document("month", month.toString())
                    .append("lineage", scopes.get(0).root().value());
            var data = TestDatabase.data();
            for (var day : data.getCollection("usage_days").find(ofMonth)) {
                var underived = new Document("day", day.getString("_id")).append("since", new Date(0));
                data.getCollection("usage_records")
                        .updateMany(
                                new Document("_id", new Document("$in", day.getList("absorbed", String.class))),
                                new Document(
                                        "$set",
                                        new Document("underived", underived).append("task_due_at", new Date(0))));
            }
            data.getCollection("usage_days")
                    .updateMany(
                            ofMonth,
                            new Document(
                                    "$set",
                                    new Document("pending_since", new Date(0)).append("task_due_at", new Date(0))));
        }

        private List<DailyUsage> model(Set<Integer> organisations) {
            var byDay = new TreeMap<Integer, DailyUsage>();
            for (var organisation : organisations) {
                for (var day = 0; day < DAYS; day++) {
                    var number = day;
                    model(organisation, day).ifPresent(usage -> byDay.merge(number, usage, UsageTotalsTest::together));
                }
            }
            return List.copyOf(byDay.values());
        }

        private Optional<DailyUsage> model(int organisation, int day) {
            var entries = recorded.values().stream()
                    .filter(entry -> entry.organisation() == organisation && entry.day() == day)
                    .toList();
            var counted = written.get(new Place(organisation, day));
            if (entries.isEmpty() && counted == null) {
                return Optional.empty();
            }
            var requests = sum(entries.stream()
                            .map(Entry::requests)
                            .filter(Objects::nonNull)
                            .map(BigInteger::valueOf)
                            .toList())
                    .add(Objects.requireNonNullElse(counted, ZERO));
            var level = levels(entries, entry -> !entry.correction()).stream()
                    .max(BigInteger::compareTo)
                    .orElse(ZERO)
                    .add(sum(levels(entries, Entry::correction)));
            var spec = entries.stream().anyMatch(entry -> entry.bytes() != null);
            return Optional.of(new DailyUsage(month.atDay(day + 1), bounded(requests), spec ? bounded(level) : null));
        }

        private ReportedUsage reported(Entry entry) {
            return new ReportedUsage(
                    new RecordId(month + "/" + entry.id()),
                    organisation(entry.organisation()),
                    day(entry),
                    entry.requests(),
                    entry.bytes(),
                    entry.correction() ? "why" : null);
        }

        private LocalDate day(Entry entry) {
            return month.atDay(entry.day() + 1);
        }
    }

    private static String key(Entry entry) {
        return entry.organisation() + "/" + entry.id();
    }

    private OrgId organisation(int number) {
        return scopes.get(number).root();
    }

    private OrganisationPlace place(int number) {
        var lineage = scopes.get(number).lineage();
        return new OrganisationPlace(organisation(number), OrgScope.tenantOf(lineage), lineage);
    }

    private static DailyUsage together(DailyUsage one, DailyUsage other) {
        var spec = one.reportedBytes() != null || other.reportedBytes() != null;
        return new DailyUsage(
                one.day(),
                one.apiRequests().add(other.apiRequests()),
                spec ? one.storageBytes().add(other.storageBytes()) : null);
    }

    private static List<BigInteger> levels(Collection<Entry> entries, Predicate<Entry> which) {
        return entries.stream()
                .filter(which)
                .map(Entry::bytes)
                .filter(Objects::nonNull)
                .map(BigInteger::valueOf)
                .toList();
    }

    private static BigInteger requests(List<UsageFigures> all) {
        return sum(all.stream().map(UsageFigures::apiRequests).toList());
    }

    private static BigInteger byteDays(List<UsageFigures> all) {
        return sum(all.stream().map(UsageFigures::byteDays).toList());
    }

    private static BigInteger sum(List<BigInteger> all) {
        return all.stream().reduce(ZERO, BigInteger::add);
    }

    private static BigInteger bounded(BigInteger sum) {
        return sum.max(ZERO).min(BigInteger.valueOf(ReportedUsage.MAX_FIGURE));
    }

    private static Arbitrary<Step> step() {
        var report = Combinators.combine(
                        entry().list().ofMinSize(1).ofMaxSize(4), Arbitraries.of(false, false, false, true))
                .as((entries, cutOff) -> (Step) new Report(entries, cutOff));
        var few = entry().list().ofMinSize(1).ofMaxSize(3);
        var atOnce = Combinators.combine(few, few, instance())
                .as((one, other, instance) -> (Step) new AtOnce(one, other, instance));
        var count = Combinators.combine(
                        instance(), organisation(), day(), Arbitraries.longs().between(0, 1000))
                .as((instance, organisation, day, requests) -> (Step) new Count(instance, organisation, day, requests));
        var flush = Combinators.combine(instance(), Arbitraries.of(false, true))
                .as((instance, answerLost) -> (Step) new Flush(instance, answerLost));
        var again = Arbitraries.integers().between(0, 20).map(number -> (Step) new FlushAgain(number));
        var crash = instance().map(instance -> (Step) new Crash(instance));
        var work = Combinators.combine(Arbitraries.of(false, true), Arbitraries.of(false, true))
                .as((closes, cutOff) -> (Step) new Work(closes, cutOff));
        return Arbitraries.frequencyOf(
                Tuple.of(5, report),
                Tuple.of(1, atOnce),
                Tuple.of(6, count),
                Tuple.of(4, flush),
                Tuple.of(2, again),
                Tuple.of(1, crash),
                Tuple.of(3, work));
    }

    /** Few ids, so that many are reported more than once; mostly small figures, and some at the bound. */
    private static Arbitrary<Entry> entry() {
        return Arbitraries.of(false, false, true).flatMap(correction -> Combinators.combine(
                        organisation(),
                        Arbitraries.integers().between(0, 5),
                        day(),
                        figure(correction),
                        figure(correction))
                .as((organisation, id, day, requests, bytes) -> new Entry(
                        organisation,
                        id,
                        day,
                        requests == null && bytes == null ? Long.valueOf(0) : requests,
                        bytes,
                        correction)));
    }

    private static Arbitrary<Long> figure(boolean correction) {
        var least = correction ? -2000L : 0L;
        return Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.longs().between(least, 2000)),
                Tuple.of(1, Arbitraries.of(MOST, correction ? -MOST : MOST - 1)),
                Tuple.of(2, Arbitraries.just((Long) null)));
    }

    private static Arbitrary<Integer> instance() {
        return Arbitraries.integers().between(0, INSTANCES - 1);
    }

    private static Arbitrary<Integer> organisation() {
        return Arbitraries.integers().between(0, ORGANISATIONS - 1);
    }

    private static Arbitrary<Integer> day() {
        return Arbitraries.integers().between(0, DAYS - 1);
    }
}
