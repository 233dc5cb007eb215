package dev.offshoot.task;

import dev.offshoot.settings.Settings;
import dev.offshoot.telemetry.Jobs;
import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.quarkus.scheduler.Scheduler;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The only task queue. On every replica it runs the tasks that requests left pending, those of each handler by themselves: a
 * handler whose tasks take long holds up no other. A run has no time limit; its single database commands have one.
 */
@Singleton
public class TaskQueue {
    private static final int MAX_ROUNDS = 1000;

    /** Instead of a duration, as the framework's scheduler has it. */
    private static final Set<String> OFF = Set.of("off", "disabled");

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

    void start(@Observes StartupEvent event, Scheduler scheduler, Settings settings) {
        if (scheduler.isStarted() && !isOff(settings)) {
            schedule(scheduler, settings.taskQueue().every());
        }
    }

    /** Whether this replica is not to look for tasks. */
    public static boolean isOff(Settings settings) {
        return OFF.contains(settings.taskQueue().every().toLowerCase(Locale.ROOT));
    }

    /** Makes each handler run at this interval, except while it still runs. */
    void schedule(Scheduler scheduler, String every) {
        for (var each : jobs) {
            scheduler
                    .newJob(each.handler().name())
                    .setDelayed(every)
                    .setInterval(every)
                    .setConcurrentExecution(ConcurrentExecution.SKIP)
                    .setAsyncTask(execution -> run(each, clock))
                    .schedule();
        }
    }

    /** Runs every task that is due by that clock, one handler after another. One that fails does not stop the others. */
    public Uni<Void> runDue(Clock at) {
        return Steps.each(jobs, each -> run(each, at));
    }

    private Uni<Void> run(HandlerJob each, Clock at) {
        return each.job().run(runDue(each.handler(), at));
    }

    /** True if no task failed. Failed tasks stay pending. */
    private Uni<Boolean> runDue(TaskHandler handler, Clock at) {
        return Steps.again(MAX_ROUNDS, () -> handler.runDue(at), result -> !result.mayHaveMore())
                .invoke(result -> result.failures().forEach(failure -> failures.add(handler.name(), failure)))
                .collect()
                .with(Collectors.reducing(true, result -> result.failures().isEmpty(), Boolean::logicalAnd));
    }
}
