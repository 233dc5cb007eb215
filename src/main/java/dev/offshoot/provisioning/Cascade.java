package dev.offshoot.provisioning;

import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.task.Lease;
import dev.offshoot.task.PendingTask;
import dev.offshoot.task.Steps;
import dev.offshoot.value.KeyId;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.bson.types.ObjectId;

/**
 * Applies deletions to everything in a scope that they have not reached yet: keys first, then organisations, in bounded
 * batches. Applying a deletion twice, or two at once, has the same result as once.
 */
@Singleton
class Cascade {
    static final int BATCH = 1000;

    private final OrganisationRepository organisations;
    private final KeyRepository keys;
    private final Clock clock;

    Cascade(OrganisationRepository organisations, KeyRepository keys, Clock clock) {
        this.organisations = organisations;
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Applies a deletion of an organisation to everything beneath it, and completes the task. Extends the task's lease
     * while that takes longer.
     */
    Uni<Void> complete(OrgScope scope, Organisation deleted, PendingTask cascade) {
        var deletion = Objects.requireNonNull(cascade.subject());
        var at = Objects.requireNonNull(deleted.deletedAt());
        return apply(scope.narrow(deleted), deletion, at, organisations.lease(scope, deleted.id(), clock))
                .chain(() -> organisations.complete(scope, deleted.id(), cascade));
    }

    /**
     * Applies deletions to a new organisation and everything beneath it.
     *
     * @param deletions the time of each deletion, by the deletion's id; everything that it deletes gets this time
     */
    Uni<Void> apply(OrgScope scope, Organisation created, Map<ObjectId, Instant> deletions) {
        var lease = organisations.lease(scope, created.id(), clock);
        return Steps.each(
                deletions.entrySet(),
                deletion -> apply(scope.narrow(created), deletion.getKey(), deletion.getValue(), lease));
    }

    private Uni<Void> apply(OrgScope scope, ObjectId deletion, Instant at, Lease lease) {
        return Steps.<KeyId, KeyId>eachBatch(
                        BATCH,
                        after -> keys.unreached(scope, deletion, after, BATCH),
                        Function.identity(),
                        ids -> keys.applyDeletion(scope, ids, deletion).chain(() -> lease.keep()))
                .chain(() -> Steps.<OrgId, OrgId>eachBatch(
                        BATCH,
                        after -> organisations.unreached(scope, deletion, after, BATCH),
                        Function.identity(),
                        ids -> organisations
                                .applyDeletion(scope, ids, deletion, at)
                                .chain(() -> lease.keep())));
    }
}
