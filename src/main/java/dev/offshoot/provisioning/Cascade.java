package dev.offshoot.provisioning;

import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.scope.OrgScope;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import org.bson.types.ObjectId;

/**
 * Lays a deletion on everything in a scope that it has not reached: keys first, then organisations, in bounded batches.
 * Doing it twice, or two of them at once, changes nothing more.
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

    /** @param at when the deletion took place, the same for all that it takes along */
    Uni<Void> run(OrgScope scope, ObjectId deletion, Instant at) {
        return keys.layDeletion(scope, deletion).chain(() -> organisations(scope, deletion, at));
    }

    private Uni<Void> organisations(OrgScope scope, ObjectId deletion, Instant at) {
        return batch(scope, deletion, at)
                .repeat()
                .whilst(reached -> reached == BATCH)
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Integer> batch(OrgScope scope, ObjectId deletion, Instant at) {
        return organisations
                .unreached(scope, deletion, BATCH)
                .chain(ids -> ids.isEmpty()
                        ? Uni.createFrom().item(0)
                        : organisations.layDeletion(scope, ids, deletion, at).replaceWith(ids.size()));
    }
}
