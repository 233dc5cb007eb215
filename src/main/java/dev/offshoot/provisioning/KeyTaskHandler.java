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
 * Runs the pending tasks of keys: what changes left, and confirmations. Those include keys whose organisation was never
 * created and keys whose rotation was interrupted.
 */
@Singleton
class KeyTaskHandler extends RecordTaskHandler<ApiKey, KeyId> {
    private final KeyRepository keys;
    private final Confirmation confirmation;
    private final Clock clock;

    KeyTaskHandler(KeyRepository keys, Confirmation confirmation, Clock clock) {
        super(keys);
        this.keys = keys;
        this.confirmation = confirmation;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "key-tasks";
    }

    @Override
    protected Uni<Void> run(Located<ApiKey> due, PendingTask task) {
        return switch (task.type()) {
            case CONFIRM ->
                confirmation
                        .revokeIfStray(due.scope(), due.record(), clock.instant())
                        .chain(() -> confirmation.confirm(due.scope(), due.record()));
            case ANSWER -> keys.forgetChange(due.scope(), due.record().id(), task);
            case CASCADE, MEMBER_ADDITION, MEMBER_REMOVAL, USAGE_DAYS, USAGE_MONTHS, USAGE_CLOSINGS ->
                throw new IllegalStateException("not a task of a key: " + task);
        };
    }
}
