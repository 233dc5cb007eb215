package dev.offshoot.provisioning;

import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.task.Steps;
import dev.offshoot.task.TaskType;
import dev.offshoot.value.KeyId;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.LinkedHashMap;
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

    Cascade(OrganisationRepository organisations, KeyRepository keys) {
        this.organisations = organisations;
        this.keys = keys;
    }

    /** Applies every pending deletion of a deleted organisation to everything beneath it, and completes the task. */
    Uni<Void> complete(OrgScope scope, Organisation deleted) {
        var at = Objects.requireNonNull(deleted.deletedAt());
        var pending = deleted.tasks(TaskType.CASCADE);
        var deletions = new LinkedHashMap<ObjectId, Instant>();
        pending.forEach(task -> deletions.put(Objects.requireNonNull(task.subject()), at));
        return apply(scope.narrow(deleted), deletions)
                .chain(() -> Steps.each(pending, task -> organisations.complete(scope, deleted.id(), task)));
    }

    /** @param deletions the time of each deletion, by the deletion's id; everything that it deletes gets this time */
    Uni<Void> apply(OrgScope scope, Map<ObjectId, Instant> deletions) {
        return Steps.each(deletions.entrySet(), deletion -> apply(scope, deletion.getKey(), deletion.getValue()));
    }

    Uni<Void> apply(OrgScope scope, ObjectId deletion, Instant at) {
        return Steps.<KeyId, KeyId>eachBatch(
                        BATCH,
                        after -> keys.unreached(scope, deletion, after, BATCH),
                        Function.identity(),
                        ids -> keys.applyDeletion(scope, ids, deletion))
                .chain(() -> Steps.<OrgId, OrgId>eachBatch(
                        BATCH,
                        after -> organisations.unreached(scope, deletion, after, BATCH),
                        Function.identity(),
                        ids -> organisations.applyDeletion(scope, ids, deletion, at)));
    }
}
