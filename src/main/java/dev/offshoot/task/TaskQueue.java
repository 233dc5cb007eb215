package dev.offshoot.task;

import dev.offshoot.telemetry.Jobs;
import io.quarkus.arc.All;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The only task queue. On every replica it runs the tasks that requests left pending. A run has no time limit; its
 * single database commands have one.
 */
@Singleton
public class TaskQueue {
    /** How long the queue leaves a task to the request that created it. */
    public static final Duration GRACE = Duration.ofMinutes(1);

    private static final Logger LOG = Logger.getLogger(TaskQueue.class);
    private static final int MAX_ROUNDS = 1000;

    private final List<HandlerJob> jobs;
    private final Clock clock;

    TaskQueue(@All List<TaskHandler> handlers, Jobs jobs, Clock clock) {
        this.jobs = handlers.stream()
                .map(handler -> new HandlerJob(handler, jobs.job(handler.name())))
                .toList();
        this.clock = clock;
    }

    private record HandlerJob(TaskHandler handler, Jobs.Job job) {}

    @Scheduled(
            every = "${offshoot.task-queue.every:10s}",
            delayed = "10s",
            concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> tick() {
        return runDue(clock.instant().minus(GRACE));
    }

    /** Runs every task that has been pending since then or longer. A handler that fails does not stop the others. */
    public Uni<Void> runDue(Instant dueBy) {
        return Steps.each(jobs, each -> each.job().run(runDue(each.handler(), dueBy)));
    }

    static void logFailure(String handler, Throwable failure) {
        LOG.warnf(failure, "A pending task failed and will be tried again: job=%s", handler);
    }

    /**
     * True if no task failed. Failed tasks stay pending: they are tried again with the next batch, and in the next run.
     */
    private static Uni<Boolean> runDue(TaskHandler handler, Instant dueBy) {
        return Steps.again(MAX_ROUNDS, () -> handler.runDue(dueBy), result -> result.done() == 0)
                .collect()
                .with(Collectors.reducing(true, result -> result.failed() == 0, Boolean::logicalAnd))
                .onFailure()
                .invoke(failure -> logFailure(handler.name(), failure))
                .onFailure()
                .recoverWithItem(false);
    }
}
