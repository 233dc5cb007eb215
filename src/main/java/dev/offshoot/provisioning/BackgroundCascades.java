package dev.offshoot.provisioning;

import dev.offshoot.organisation.Organisation;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.task.PendingTask;
import dev.offshoot.task.TaskFailure;
import dev.offshoot.task.TaskFailures;
import dev.offshoot.task.TaskType;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.Semaphore;

/**
 * Runs cascades beside the requests that left them. They have no time limit, and end neither with the request nor with
 * its client's connection. Their number is bounded.
 */
@Singleton
class BackgroundCascades {
    private static final int MOST_AT_ONCE = 32;

    private final Cascade cascade;
    private final TaskFailures failures;
    private final Semaphore free;

    @Inject
    BackgroundCascades(Cascade cascade, TaskFailures failures) {
        this(cascade, failures, MOST_AT_ONCE);
    }

    BackgroundCascades(Cascade cascade, TaskFailures failures, int mostAtOnce) {
        this.cascade = cascade;
        this.failures = failures;
        this.free = new Semaphore(mostAtOnce);
    }

    /**
     * Starts the cascade of an organisation that was just deleted, if it is still pending. What it returns ends with the
     * cascade and never fails. If the cascade fails, or too many are running, it is left to the queue.
     */
    Uni<Void> start(OrgScope scope, Organisation deleted) {
        var pending = deleted.tasks(TaskType.CASCADE);
        if (pending.isEmpty() || !free.tryAcquire()) {
            return Uni.createFrom().voidItem();
        }
        var task = pending.get(0);
        return startDetached(Uni.createFrom()
                .deferred(() -> cascade.complete(scope, deleted, task))
                .onFailure()
                .invoke(cause -> log(deleted, task, cause))
                .onFailure()
                .recoverWithNull()
                .eventually(() -> free.release()));
    }

    /** Starts work that goes on when nobody waits for its result any more. */
    static <T> Uni<T> startDetached(Uni<T> work) {
        var running = work.memoize().indefinitely();
        running.subscribe().with(result -> {}, failure -> {});
        return running;
    }

    private void log(Organisation deleted, PendingTask task, Throwable cause) {
        failures.add("delete", new TaskFailure(deleted.logName(), task.type(), task.since(), cause));
    }
}
