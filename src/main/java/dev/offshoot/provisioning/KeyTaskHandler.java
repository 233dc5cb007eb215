package dev.offshoot.provisioning;

import dev.offshoot.apikey.ApiKey;
import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.scope.Located;
import dev.offshoot.task.BacklogEntry;
import dev.offshoot.task.BatchResult;
import dev.offshoot.task.PendingTasks;
import dev.offshoot.task.TaskHandler;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/**
 * Runs the pending confirmations of keys. That includes keys whose organisation was never created and keys whose
 * rotation was interrupted.
 */
@Singleton
class KeyTaskHandler implements TaskHandler {
    private static final int BATCH = 500;

    private final KeyRepository keys;
    private final Confirmation confirmation;
    private final Clock clock;

    KeyTaskHandler(KeyRepository keys, Confirmation confirmation, Clock clock) {
        this.keys = keys;
        this.confirmation = confirmation;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "confirm-keys";
    }

    @Override
    public Uni<BatchResult> runDue(Instant dueBy) {
        return keys.dueTasks(dueBy, BATCH).chain(due -> runEach(due, this::confirm));
    }

    @Override
    public Uni<List<BacklogEntry>> backlog(int limit) {
        return keys.pendingTasks(clock.instant(), limit)
                .map(all -> all.stream().flatMap(PendingTasks::backlog).toList());
    }

    private Uni<Void> confirm(Located<ApiKey> minted) {
        return confirmation
                .revokeIfStray(minted.scope(), minted.record(), clock.instant())
                .chain(() -> confirmation.confirm(minted.scope(), minted.record()))
                .replaceWithVoid();
    }
}
