package dev.offshoot.task;

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
 * Publishes, as metrics, how many tasks are pending and for how long. Every replica looks twice a minute. It uses only
 * indexes and reads at most the first thousand records that the database finds in each collection. The oldest task is
 * the oldest of these, because the cost of sorting everything would grow with the number of pending tasks.
 */
@Singleton
public class Backlog {
    private static final int LIMIT = 1000;
    private static final double MILLIS_A_SECOND = 1000;

    private final List<TaskHandler> handlers;
    private final Clock clock;
    private final Jobs.Job job;
    private volatile Map<TaskType, Instants> found = Map.of();

    Backlog(@All List<TaskHandler> handlers, MeterRegistry metrics, Jobs jobs, Clock clock) {
        this.handlers = handlers;
        this.clock = clock;
        this.job = jobs.job("backlog");
        for (var type : TaskType.values()) {
            register(type, metrics);
        }
    }

    private record Instants(long count, Instant oldest) {}

    @Scheduled(every = "30s", delayed = "5s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> tick() {
        return job.run(look().replaceWith(true));
    }

    /** Looks now. If that fails, the metrics keep the last result, and its age keeps growing. */
    public Uni<Void> look() {
        return Multi.createFrom()
                .iterable(handlers)
                .onItem()
                .transformToUniAndConcatenate(handler -> handler.backlog(LIMIT))
                .collect()
                .asList()
                .invoke(all -> found = summary(all))
                .replaceWithVoid();
    }

    private static Map<TaskType, Instants> summary(List<List<BacklogEntry>> all) {
        var summary = new EnumMap<TaskType, Instants>(TaskType.class);
        all.stream()
                .flatMap(Collection::stream)
                .collect(Collectors.groupingBy(
                        BacklogEntry::type, Collectors.mapping(BacklogEntry::since, Collectors.toList())))
                .forEach((type, since) -> summary.put(
                        type,
                        new Instants(
                                since.size(),
                                since.stream().min(Instant::compareTo).orElseThrow())));
        return summary;
    }

    private void register(TaskType type, MeterRegistry metrics) {
        var label = type.name().toLowerCase(Locale.ROOT);
        Gauge.builder("offshoot.backlog.entries", this, backlog -> backlog.count(type))
                .tag("type", label)
                .description("Pending tasks, as far as they were counted")
                .strongReference(true)
                .register(metrics);
        Gauge.builder(
                        "offshoot.backlog.oldest.age",
                        this,
                        backlog -> backlog.oldestAge(type).toMillis() / MILLIS_A_SECOND)
                .baseUnit("seconds")
                .tag("type", label)
                .description("How long the oldest task has been pending, of those counted")
                .strongReference(true)
                .register(metrics);
    }

    private long count(TaskType type) {
        var pending = found.get(type);
        return pending == null ? 0 : pending.count();
    }

    private Duration oldestAge(TaskType type) {
        var pending = found.get(type);
        var now = clock.instant();
        return pending == null || pending.oldest().isAfter(now)
                ? Duration.ZERO
                : Duration.between(pending.oldest(), now);
    }
}
