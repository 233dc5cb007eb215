package dev.offshoot.apikey;

import dev.offshoot.owed.Debtor;
import dev.offshoot.owed.Settled;
import dev.offshoot.scope.ScopedRepository;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;

/** The collection of nonces that calls which write have used; it sweeps itself through the work queue. */
@Singleton
public class DigestUseRepository extends ScopedRepository<DigestUse, String> implements Debtor {
    private static final int MINUTES_KEPT = 10;

    private static final class Raw implements ReactivePanacheMongoRepositoryBase<DigestUse, String> {}

    DigestUseRepository() {
        super(new Raw());
    }

    /** Notes the use; false when it was noted before. */
    public Uni<Boolean> note(Caller caller, String nonce, long count, Instant now) {
        var use = new DigestUse(nonce + "/" + count, caller.scope().lineage(), now);
        return insertAll(caller.scope(), List.of(use))
                .replaceWith(true)
                .onFailure(ScopedRepository::isDuplicate)
                .recoverWithItem(false);
    }

    @Override
    public String name() {
        return "digest uses";
    }

    @Override
    public Uni<Settled> settle(Instant waitingSince) {
        return sweep("used_at", waitingSince.minusSeconds(60L * MINUTES_KEPT)).replaceWith(Settled.NOTHING);
    }
}
