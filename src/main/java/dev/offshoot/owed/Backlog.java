package dev.offshoot.owed;

import dev.offshoot.telemetry.Jobs;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How much work waits, and for how long, as metrics. Every replica looks for itself, twice a minute, through indexes
 * alone, and at no more than the first thousand records of each collection that the database finds. The oldest is the
 * oldest of those, for to sort all that waits would cost the more, the more waits.
 */
@Singleton
public class Backlog {
    private static final int MOST = 1000;
    private static final double MILLIS_A_SECOND = 1000;

    private final List<Debtor> debtors;
    private final Clock clock;
    private final Jobs.Job job;
    private volatile Map<Work, Instants> found = Map.of();

    Backlog(@All List<Debtor> debtors, MeterRegistry metrics, Jobs jobs, Clock clock) {
        this.debtors = debtors;
        this.clock = clock;
        this.job = jobs.job("backlog");
        for (var work : Work.values()) {
            register(work, metrics);
        }
    }

    private record Instants(long count, Instant oldest) {}

    @Scheduled(every = "30s", delayed = "5s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> tick() {
        return job.run(look().replaceWith(true));
    }

    /** Looks now. When that fails, what was found before stands, and goes on ageing. */
    public Uni<Void> look() {
        return Multi.createFrom()
                .iterable(debtors)
                .onItem()
                .transformToUniAndConcatenate(debtor -> debtor.waiting(MOST))
                .collect()
                .asList()
                .invoke(all -> found = summary(all))
                .replaceWithVoid();
    }

    private static Map<Work, Instants> summary(List<List<Waiting>> all) {
        var summary = new EnumMap<Work, Instants>(Work.class);
        all.stream()
                .flatMap(Collection::stream)
                .collect(Collectors.groupingBy(Waiting::work, Collectors.mapping(Waiting::since, Collectors.toList())))
                .forEach((work, since) -> summary.put(
                        work,
                        new Instants(
                                since.size(),
                                since.stream().min(Instant::compareTo).orElseThrow())));
        return summary;
    }

    private void register(Work work, MeterRegistry metrics) {
        var word = work.name().toLowerCase(Locale.ROOT);
        Gauge.builder("offshoot.backlog.entries", this, backlog -> backlog.count(work))
                .tag("work", word)
                .description("Pieces of work that wait in the database, as far as they were counted")
                .strongReference(true)
                .register(metrics);
        Gauge.builder(
                        "offshoot.backlog.oldest.age",
                        this,
                        backlog -> backlog.oldestAge(work).toMillis() / MILLIS_A_SECOND)
                .baseUnit("seconds")
                .tag("work", word)
                .description("How long the oldest piece of work has waited in the database, of those counted")
                .strongReference(true)
                .register(metrics);
    }

    private long count(Work work) {
        var waiting = found.get(work);
        return waiting == null ? 0 : waiting.count();
    }

    private Duration oldestAge(Work work) {
        var waiting = found.get(work);
        return waiting == null ? Duration.ZERO : Duration.between(waiting.oldest(), clock.instant());
    }
}
