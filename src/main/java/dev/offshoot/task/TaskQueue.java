package dev.offshoot.task;

import dev.offshoot.telemetry.Jobs;
import io.quarkus.arc.All;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The only task queue. On every replica it runs the tasks that requests left pending. A run has no time limit; its
 * single database commands have one.
 */
@Singleton
public class TaskQueue {
    private static final int MAX_ROUNDS = 1000;

    private final List<HandlerJob> jobs;
    private final TaskFailures failures;
    private final Clock clock;

    TaskQueue(@All List<TaskHandler> handlers, Jobs jobs, TaskFailures failures, Clock clock) {
        this.jobs = handlers.stream()
                .map(handler -> new HandlerJob(handler, jobs.job(handler.name())))
                .toList();
        this.failures = failures;
        this.clock = clock;
    }

    private record HandlerJob(TaskHandler handler, Jobs.Job job) {}

    @Scheduled(
            every = "${offshoot.task-queue.every:10s}",
            delayed = "10s",
            concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> tick() {
        return runDue(clock);
    }

    /** Runs every task that is due by that clock. A handler that fails does not stop the others. */
    public Uni<Void> runDue(Clock at) {
        return Steps.each(jobs, each -> each.job().run(runDue(each.handler(), at)));
    }

    /** True if no task failed. Failed tasks stay pending. */
    private Uni<Boolean> runDue(TaskHandler handler, Clock at) {
        return Steps.again(MAX_ROUNDS, () -> handler.runDue(at), result -> !result.mayHaveMore())
                .invoke(result -> result.failures().forEach(failure -> failures.add(handler.name(), failure)))
                .collect()
                .with(Collectors.reducing(true, result -> result.failures().isEmpty(), Boolean::logicalAnd));
    }
}
