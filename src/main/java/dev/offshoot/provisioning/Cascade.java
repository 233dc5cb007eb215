package dev.offshoot.provisioning;

import dev.offshoot.apikey.KeyId;
import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.scope.OrgId;
import dev.offshoot.scope.OrgScope;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
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
        return Cascade.<KeyId>inBatches(
                        after -> keys.unreached(scope, deletion, after, BATCH),
                        ids -> keys.layDeletion(scope, ids, deletion))
                .chain(() -> Cascade.<OrgId>inBatches(
                        after -> organisations.unreached(scope, deletion, after, BATCH),
                        ids -> organisations.layDeletion(scope, ids, deletion, at)));
    }

    /** Every batch is a command that ends in time, however much lies beneath; what is done stays done. */
    private static <I> Uni<Void> inBatches(
            Function<Optional<I>, Uni<List<I>>> next, Function<List<I>, Uni<Void>> step) {
        return Uni.createFrom().deferred(() -> {
            var last = new AtomicReference<Optional<I>>(Optional.empty());
            return Uni.createFrom()
                    .deferred(() -> next.apply(last.get()))
                    .call(ids -> ids.isEmpty() ? Uni.createFrom().voidItem() : step.apply(ids))
                    .invoke(ids -> last.set(ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(ids.size() - 1))))
                    .repeat()
                    .whilst(ids -> ids.size() == BATCH)
                    .onItem()
                    .ignoreAsUni();
        });
    }
}
