package dev.offshoot.provisioning;

import dev.offshoot.apikey.ApiKey;
import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.scope.Located;
import dev.offshoot.task.PendingTask;
import dev.offshoot.task.RecordTaskHandler;
import dev.offshoot.value.KeyId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;

/**
 * Runs the pending confirmations of keys. That includes keys whose organisation was never created and keys whose
 * rotation was interrupted.
 */
@Singleton
class KeyTaskHandler extends RecordTaskHandler<ApiKey, KeyId> {
    private final Confirmation confirmation;
    private final Clock clock;

    KeyTaskHandler(KeyRepository keys, Confirmation confirmation, Clock clock) {
        super(keys);
        this.confirmation = confirmation;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "confirm-keys";
    }

    @Override
    protected Uni<Void> run(Located<ApiKey> due, PendingTask task) {
        return confirmation
                .revokeIfStray(due.scope(), due.record(), clock.instant())
                .chain(() -> confirmation.confirm(due.scope(), due.record()));
    }
}
