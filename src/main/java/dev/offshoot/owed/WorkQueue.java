package dev.offshoot.owed;

import dev.offshoot.telemetry.Jobs;
import io.quarkus.arc.All;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** The one work queue: on every replica, it does what requests left undone. It has no deadline but each command's. */
@Singleton
public class WorkQueue {
    /** How long a request has the work to itself. */
    public static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Logger LOG = Logger.getLogger(WorkQueue.class);
    private static final int ROUNDS = 1000;

    private final List<Duty> duties;
    private final Clock clock;

    WorkQueue(@All List<Debtor> debtors, Jobs jobs, Clock clock) {
        this.duties = debtors.stream()
                .map(debtor ->
                        new Duty(debtor, jobs.job("settle-" + debtor.name().replace(' ', '-'))))
                .toList();
        this.clock = clock;
    }

    private record Duty(Debtor debtor, Jobs.Job job) {}

    @Scheduled(
            every = "${offshoot.work-queue.every:10s}",
            delayed = "10s",
            concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> tick() {
        return settle(clock.instant().minus(PATIENCE));
    }

    /** Does everything that has waited since then or longer. A debtor that fails is logged and does not stop the others. */
    public Uni<Void> settle(Instant waitingSince) {
        return Multi.createFrom()
                .iterable(duties)
                .onItem()
                .transformToUniAndConcatenate(duty -> duty.job().run(settle(duty.debtor(), waitingSince)))
                .onItem()
                .ignoreAsUni();
    }

    /** Whether nothing of it failed. What did waits for the next run, once all else is done. */
    private static Uni<Boolean> settle(Debtor debtor, Instant waitingSince) {
        return Uni.createFrom()
                .deferred(() -> debtor.settle(waitingSince))
                .repeat()
                .whilst(settled -> settled.done() > 0)
                .select()
                .first(ROUNDS)
                .collect()
                .with(Collectors.reducing(true, settled -> settled.failed() == 0, Boolean::logicalAnd))
                .onFailure()
                .invoke(failure ->
                        LOG.warnf(failure, "Owed work failed and will be tried again: debtor=%s", debtor.name()))
                .onFailure()
                .recoverWithItem(false);
    }
}
