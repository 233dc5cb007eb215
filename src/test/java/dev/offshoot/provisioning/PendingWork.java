package dev.offshoot.provisioning;

import dev.offshoot.task.AnsweredChanges;
import dev.offshoot.task.TaskQueue;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;

/** What requests have left to be done in the background. */
@Singleton
class PendingWork {
    private final TaskQueue queue;
    private final BatchConfirmation confirmation;
    private final AnsweredChanges answered;

    PendingWork(TaskQueue queue, BatchConfirmation confirmation, AnsweredChanges answered) {
        this.queue = queue;
        this.confirmation = confirmation;
        this.answered = answered;
    }

    /** Confirms what this replica has created. */
    void confirm() {
        confirmation.flush().await().indefinitely();
    }

    /** Does all of it, as it is done so much later. */
    void complete(Clock clock, Duration later) {
        confirm();
        answered.flush().await().indefinitely();
        runQueue(clock, later);
    }

    /** Does what a replica has left that is no more. */
    void runQueue(Clock clock, Duration later) {
        queue.runDue(Clock.offset(clock, later)).await().indefinitely();
    }
}
