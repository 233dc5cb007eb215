package dev.offshoot.provisioning;

import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.scope.OrgScope;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
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
        return inBatches(() -> keys.unreached(scope, deletion, BATCH), ids -> keys.layDeletion(scope, ids, deletion))
                .chain(() -> inBatches(
                        () -> organisations.unreached(scope, deletion, BATCH),
                        ids -> organisations.layDeletion(scope, ids, deletion, at)));
    }

    /** Every batch is a command that ends in time, however much lies beneath; what is done stays done. */
    private static <I> Uni<Void> inBatches(Supplier<Uni<List<I>>> next, Function<List<I>, Uni<Void>> step) {
        return Uni.createFrom()
                .deferred(() -> next.get())
                .call(ids -> ids.isEmpty() ? Uni.createFrom().voidItem() : step.apply(ids))
                .repeat()
                .whilst(ids -> ids.size() == BATCH)
                .onItem()
                .ignoreAsUni();
    }
}
