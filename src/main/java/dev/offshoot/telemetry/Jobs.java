package dev.offshoot.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.StatusCode;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/**
 * Observes the background jobs: how often each ran and failed, when it last succeeded, and a span for each run. It is made
 * when the process starts, and not when the first job needs it. It ends them before the database client is closed.
 */
@Singleton
@Startup
public class Jobs {
    private static final Logger LOG = Logger.getLogger(Jobs.class);

    private final MeterRegistry metrics;
    private final Traces traces;
    private final Clock clock;
    private final long startedMillis;
    private final List<CompletableFuture<Void>> running = new ArrayList<>();
    private boolean isEnding;

    Jobs(MeterRegistry metrics, Traces traces, Clock clock) {
        this.metrics = metrics;
        this.traces = traces;
        this.clock = clock;
        this.startedMillis = clock.millis();
    }

    /** Registers the job with that name. At first its last success is the start of the process. */
    public Job job(String name) {
        return new Job(name);
    }

    /**
     * Lets no job run any more, and cancels those that do, as if the process had been killed. Runs before the last flushes. The
     * gate to the database awaits the commands that were sent.
     */
    void end(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) ShutdownEvent event) {
        last().forEach(run -> run.cancel(true));
    }

    /** The runs after which there are no more. */
    private synchronized List<CompletableFuture<Void>> last() {
        isEnding = true;
        return List.copyOf(running);
    }

    /** Runs it, unless the process is ending. */
    private synchronized Uni<Void> begin(Uni<Void> work) {
        if (isEnding) {
            return Uni.createFrom().voidItem();
        }
        var run = work.subscribeAsCompletionStage();
        running.removeIf(CompletableFuture::isDone);
        running.add(run);
        return Uni.createFrom()
                .completionStage(run)
                .onFailure(CancellationException.class)
                .recoverWithNull();
    }

    /** One job. Its metrics exist before its first run. */
    public final class Job {
        private final String name;
        private final Counter succeeded;
        private final Counter failed;
        private volatile long lastSuccessMillis = startedMillis;

        private Job(String name) {
            this.name = name;
            this.succeeded = runs("success");
            this.failed = runs("failure");
            Gauge.builder("offshoot.job.last.success.timestamp", this, job -> job.lastSuccessMillis / 1000.0)
                    .baseUnit("seconds")
                    .tag("name", name)
                    .description("When the job last succeeded, or the process started, in seconds since 1970")
                    .strongReference(true)
                    .register(metrics);
        }

        /**
         * Runs the job once. The work returns whether it did everything that there was to do. A failure is counted and
         * logged in one line, and the job runs again at its next time. Nothing runs once the process is ending.
         */
        public Uni<Void> run(Uni<Boolean> work) {
            return Uni.createFrom().deferred(() -> begin(observed(work)));
        }

        private Uni<Void> observed(Uni<Boolean> work) {
            return Uni.createFrom().deferred(() -> {
                var span = traces.job(name);
                return BackgroundWork.of(work)
                        .invoke(done -> {
                            if (done) {
                                lastSuccessMillis = clock.millis();
                                succeeded.increment();
                            } else {
                                failed.increment();
                                span.setStatus(StatusCode.ERROR);
                            }
                        })
                        .replaceWithVoid()
                        .onFailure()
                        .invoke(failure -> {
                            failed.increment();
                            span.setStatus(StatusCode.ERROR);
                            LOG.warnf("A background job failed: job=%s cause=%s", name, Cause.of(failure));
                        })
                        .onFailure()
                        .recoverWithNull()
                        .onTermination()
                        .invoke(() -> span.end());
            });
        }

        private Counter runs(String outcome) {
            return Counter.builder("offshoot.job.runs")
                    .tag("name", name)
                    .tag("outcome", outcome)
                    .description("Runs of background jobs")
                    .register(metrics);
        }
    }
}
