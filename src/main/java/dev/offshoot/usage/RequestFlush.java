package dev.offshoot.usage;

import dev.offshoot.telemetry.Jobs;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/** Flushes the counted requests every two seconds, so that a crash loses only a few seconds of them. */
@Singleton
class RequestFlush {
    private static final double MILLIS_A_SECOND = 1000;

    private final RequestCounter counter;
    private final Jobs.Job job;

    RequestFlush(RequestCounter counter, MeterRegistry metrics, Jobs jobs) {
        this.counter = counter;
        this.job = jobs.job("flush-counted-requests");
        Gauge.builder(
                        "offshoot.usage.flush.lag",
                        counter,
                        counted -> counted.flushLag().toMillis() / MILLIS_A_SECOND)
                .baseUnit("seconds")
                .description("How long the oldest counted request may have waited to be written down")
                .register(metrics);
    }

    @Scheduled(every = "2s", delayed = "2s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> tick() {
        return job.run(counter.flush());
    }
}
