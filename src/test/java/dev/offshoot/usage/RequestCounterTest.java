package dev.offshoot.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.offshoot.scope.Located;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Scopes;
import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.TestClock;
import dev.offshoot.testing.TestDatabase;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Counts in memory and what of them is stored. Each counter made here is one start of one process. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class RequestCounterTest {
    private static final LocalDate DAY = LocalDate.of(2026, 4, 30);
    private static final LocalDate NEXT_DAY = DAY.plusDays(1);

    @Inject
    UsageDayRepository days;

    @Inject
    TestClock clock;

    private final OrgScope organisation = Scopes.ofAnOrganisation();

    @BeforeEach
    void setClock() {
        clock.moveTo(Instant.parse("2026-04-30T12:00:00Z"));
    }

    @AfterEach
    void resetClock() {
        clock.reset();
    }

    @Test
    void countsOfTwoInstancesAndOfARestartAddUp() {
        var here = start();
        var there = start();
        here.count(organisation, 3);
        there.count(organisation, 5);
        flush(here, there);
        here.count(organisation, 1);
        flush(here, there);
        var restarted = start();
        restarted.count(organisation, 10);
        flush(restarted, there);

        assertThat(stored(DAY)).isEqualTo(19);
    }

    @Test
    void flushingAgainChangesNothing() {
        var counter = start();
        counter.count(organisation, 3);
        flush(counter);
        var once = document(DAY);

        flush(counter, counter);

        assertThat(document(DAY)).isEqualTo(once);
    }

    @Test
    void aFlushWhoseAnswerWasLostAddsNothingWhenItIsRepeatedHoweverLate() {
        var count = RequestCount.start(organisation, DAY, "counter");
        write(count.plus(3));
        write(count.plus(5));
        var stored = document(DAY);

        write(count.plus(5));
        write(count.plus(3));

        assertThat(stored(DAY)).isEqualTo(5);
        assertThat(document(DAY)).isEqualTo(stored);
    }

    @Test
    void whatIsCountedBelongsToItsUtcDay() {
        var counter = start();
        clock.moveTo(Instant.parse("2026-04-30T23:59:00Z"));
        counter.count(organisation, 1);
        clock.moveTo(Instant.parse("2026-05-01T00:00:00Z"));
        counter.count(organisation, 2);
        flush(counter);

        assertThat(stored(DAY)).isEqualTo(1);
        assertThat(stored(NEXT_DAY)).isEqualTo(2);
    }

    @Test
    void aCounterIsKeptUntilItsDayIsOverAndThenForgottenWithoutLosingWhatComesLate() {
        var counter = start();
        counter.count(organisation, 1);
        flush(counter);
        counter.count(organisation, 1);
        flush(counter);
        assertThat(counters(DAY)).hasSize(1);

        clock.moveTo(Instant.parse("2026-05-01T00:00:00Z"));
        flush(counter);
        clock.moveTo(Instant.parse("2026-04-30T23:59:00Z"));
        counter.count(organisation, 1);
        flush(counter);

        assertThat(counters(DAY)).hasSize(2);
        assertThat(stored(DAY)).isEqualTo(3);
    }

    @Test
    void whatIsCountedWhileAFlushRunsIsKept() {
        var counter = start();
        var counting = IntStream.range(0, 4)
                .mapToObj(thread -> CompletableFuture.runAsync(
                        () -> IntStream.range(0, 2000).forEach(n -> counter.count(organisation, 1))))
                .toList();
        while (!counting.stream().allMatch(CompletableFuture::isDone)) {
            flush(counter);
        }
        flush(counter);

        assertThat(stored(DAY)).isEqualTo(8000);
    }

    @Test
    void whatIsCountedBehindAFlushsBackIsWrittenByTheNext() {
        var counter = start();
        counter.count(organisation, 1);
        var flushing = counter.flush().subscribeAsCompletionStage();
        counter.count(organisation, 1);
        flushing.join();
        flush(counter);

        assertThat(stored(DAY)).isEqualTo(2);
    }

    @Test
    void theLastFlushWritesWhatIsLeft() {
        var counter = start();
        counter.count(organisation, 7);

        counter.flushLast(new ShutdownEvent());

        assertThat(stored(DAY)).isEqualTo(7);
    }

    @Test
    void nothingIsStoredForNoRequests() {
        var counter = start();
        counter.count(organisation, 0);

        assertThat(Commands.during(() -> flush(counter))).isEmpty();
        assertThatThrownBy(() -> counter.count(organisation, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void figuresStandAtTheirBound() {
        var counter = start();
        counter.count(organisation, ReportedUsage.MAX_FIGURE);
        counter.count(organisation, Long.MAX_VALUE);
        var other = start();
        other.count(organisation, 1);
        flush(counter, other);

        assertThat(stored(DAY)).isEqualTo(ReportedUsage.MAX_FIGURE);
    }

    @Test
    void countingTakesNoCommandAndAFlushAFewForAllOrganisations() {
        // The embedded database looks through all days for each one, so that it can't change so many at once.
        var batches = TestDatabase.hasIndexes() ? 2 : 1;
        var counter = start();
        var organisations = Stream.generate(Scopes::ofAnOrganisation)
                .limit(batches == 2 ? 600 : 60)
                .toList();

        assertThat(Commands.during(() -> organisations.forEach(each -> counter.count(each, 1))))
                .isEmpty();
        assertThat(Commands.during(() -> flush(counter))).hasSize(2 * batches).containsOnly("insert", "update");
        organisations.forEach(each -> counter.count(each, 1));
        assertThat(Commands.during(() -> flush(counter))).isEqualTo(Collections.nCopies(batches, "update"));
        assertThat(organisations.stream().mapToLong(each -> stored(each, DAY)).sum())
                .isEqualTo(2L * organisations.size());
    }

    @Test
    void lagIsHowLongTheOldestCountWaits() {
        var counter = start();
        assertThat(counter.flushLag()).isZero();

        counter.count(organisation, 1);
        assertThat(counter.flushLag()).isPositive();

        flush(counter);
        assertThat(counter.flushLag()).isZero();
        counter.count(organisation, 1);
        assertThat(counter.flushLag()).isPositive().isLessThan(Duration.ofSeconds(30));
    }

    private RequestCounter start() {
        return new RequestCounter(days, clock);
    }

    private static void flush(RequestCounter... counters) {
        Stream.of(counters).forEach(counter -> counter.flush().await().indefinitely());
    }

    private void write(RequestCount count) {
        days.insertCounted(List.of(new Located<>(count.asDay(clock.instant()), organisation)))
                .chain(() -> days.raise(List.of(count), clock.instant()))
                .await()
                .indefinitely();
    }

    private long stored(LocalDate day) {
        return stored(organisation, day);
    }

    private long stored(OrgScope of, LocalDate date) {
        var found =
                days.byIds(of, List.of(UsageDay.idOf(of.root(), date))).await().indefinitely();
        return found.stream().mapToLong(day -> day.figures().apiRequests()).sum();
    }

    private Document document(LocalDate day) {
        return TestDatabase.data()
                .getCollection("usage_days")
                .find(new Document("_id", UsageDay.idOf(organisation.root(), day)))
                .first();
    }

    private Set<String> counters(LocalDate day) {
        return document(day).get("counts", Document.class).keySet();
    }
}
