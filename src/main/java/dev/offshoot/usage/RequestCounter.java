package dev.offshoot.usage;

import dev.offshoot.scope.Located;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.telemetry.BackgroundWork;
import dev.offshoot.value.OrgId;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Counts API requests in memory, by organisation and UTC day, and writes the counts on every flush and when the process
 * ends. A crash loses the requests of a few seconds, and nothing is ever counted twice. A flush writes the total of
 * each counter under a name that no other counter has. So a flush may be repeated any number of times, and neither
 * another replica nor the next start of this one writes to the same field. A count leaves memory when its day is over
 * and all of it is known to be written.
 */
@ApplicationScoped
@Startup
public class RequestCounter {
    /** The longest time that the end of the process waits for the last flush. */
    public static final Duration LAST_FLUSH = Duration.ofSeconds(5);

    private static final Logger LOG = Logger.getLogger(RequestCounter.class);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int BATCH = 500;
    private static final int BATCHES_AT_ONCE = 4;

    private final UsageDayRepository days;
    private final Clock clock;
    private final String instance = UUID.randomUUID().toString();
    private final AtomicLong counters = new AtomicLong();
    private final ConcurrentMap<Key, RequestCount> counts = new ConcurrentHashMap<>();
    private volatile long allWrittenAtNanos = System.nanoTime();

    RequestCounter(UsageDayRepository days, Clock clock) {
        this.days = days;
        this.clock = clock;
    }

    private record Key(OrgId organisation, LocalDate day) {}

    /**
     * Counts requests of the scope's top organisation for today. It does not wait and does not access the database.
     *
     * @param requests 0 or more
     */
    public void count(OrgScope organisation, long requests) {
        if (requests < 0) {
            throw new IllegalArgumentException("a negative count: " + requests);
        }
        if (requests > 0) {
            var today = today();
            counts.compute(new Key(organisation.root(), today), (key, known) -> {
                var before = known == null ? RequestCount.start(organisation, today, nextName()) : known;
                return before.plus(requests);
            });
        }
    }

    /**
     * Writes what was counted. A count that can't be written now is kept and written with the next flush.
     *
     * @return whether everything is known to be written
     */
    public Uni<Boolean> flush() {
        return Uni.createFrom().deferred(() -> {
            var startedAtNanos = System.nanoTime();
            return Multi.createFrom()
                    .iterable(batches(waiting()))
                    .onItem()
                    .transformToUni(this::write)
                    .merge(BATCHES_AT_ONCE)
                    .collect()
                    .with(Collectors.reducing(true, Boolean::logicalAnd))
                    .invoke(allWritten -> end(allWritten, startedAtNanos));
        });
    }

    /** The longest time for which any count may have been unwritten; zero if all counts are written. */
    public Duration flushLag() {
        return waiting().isEmpty() ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - allWrittenAtNanos);
    }

    /** Runs at shutdown, after the last requests and before the database client closes. */
    void flushLast(@Observes ShutdownEvent event) {
        BackgroundWork.awaitLast(LAST_FLUSH, flushUntilWritten());
        var lost = waiting().stream()
                .mapToLong(count -> count.requests() - count.written())
                .sum();
        if (lost > 0) {
            LOG.warnf("Counted requests could not be written before the end and are lost: requests=%d", lost);
        }
    }

    /** The database may be away for a moment. */
    private Uni<Void> flushUntilWritten() {
        return flush().onItem()
                .transformToUni(written -> written
                        ? Uni.createFrom().voidItem()
                        : Uni.createFrom()
                                .voidItem()
                                .onItem()
                                .delayIt()
                                .by(PAUSE)
                                .chain(this::flushUntilWritten));
    }

    /** The counts that are not known to be written. */
    List<RequestCount> waiting() {
        return counts.values().stream().filter(count -> !count.isWritten()).toList();
    }

    /** Writes one batch. True if all of it is known to be written. */
    private Uni<Boolean> write(List<RequestCount> batch) {
        var now = clock.instant();
        var fresh = batch.stream()
                .filter(RequestCount::isNew)
                .map(count -> new Located<>(count.asDay(now), count.organisation()))
                .toList();
        return days.insertCounted(fresh)
                .chain(() -> days.raise(batch, now))
                .invoke(() -> batch.forEach(this::acknowledge))
                .replaceWith(true)
                .onFailure()
                .recoverWithItem(RequestCounter::notWritten);
    }

    private static boolean notWritten(Throwable failure) {
        LOG.debugf("Counted requests could not be written yet: cause=%s", failure.getMessage());
        return false;
    }

    private void acknowledge(RequestCount written) {
        counts.computeIfPresent(
                new Key(written.organisation().root(), written.day()),
                (key, count) -> count.counter().equals(written.counter()) ? count.written(written.requests()) : count);
    }

    /**
     * Forgets the counts of past days. A request that is counted late for a forgotten day gets a new counter with a new
     * name.
     */
    private void end(boolean allWritten, long startedAtNanos) {
        if (allWritten) {
            allWrittenAtNanos = startedAtNanos;
        }
        var today = today();
        counts.keySet()
                .forEach(each -> counts.computeIfPresent(
                        each, (key, count) -> count.isWritten() && key.day().isBefore(today) ? null : count));
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private String nextName() {
        return instance + "_" + counters.incrementAndGet();
    }

    private static List<List<RequestCount>> batches(List<RequestCount> all) {
        var batches = new ArrayList<List<RequestCount>>();
        for (var from = 0; from < all.size(); from += BATCH) {
            batches.add(all.subList(from, Math.min(from + BATCH, all.size())));
        }
        return batches;
    }
}
