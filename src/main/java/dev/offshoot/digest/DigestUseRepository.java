package dev.offshoot.digest;

import dev.offshoot.database.DatabaseGate;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.ScopedRepository;
import dev.offshoot.task.BatchResult;
import dev.offshoot.task.TaskHandler;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** The collection of nonces that calls which write have used; it sweeps itself through the work queue. */
@Singleton
public class DigestUseRepository extends ScopedRepository<DigestUse, String> implements TaskHandler {
    private static final int MINUTES_KEPT = 10;

    private static final class Raw implements ReactivePanacheMongoRepositoryBase<DigestUse, String> {}

    DigestUseRepository(DatabaseGate gate) {
        super(gate, new Raw(), index("used_at"));
    }

    /** Notes the use; false when it was noted before. */
    public Uni<Boolean> note(OrgScope user, String nonce, long count, Instant now) {
        var use = new DigestUse(nonce + "/" + count, user.lineage(), now);
        return insertAll(user, List.of(use))
                .replaceWith(true)
                .onFailure(ScopedRepository::isDuplicate)
                .recoverWithItem(false);
    }

    @Override
    public String name() {
        return "sweep-digest-uses";
    }

    @Override
    public Uni<BatchResult> runDue(Clock clock) {
        return sweep("used_at", clock.instant().minusSeconds(60L * MINUTES_KEPT))
                .replaceWith(BatchResult.NOTHING);
    }
}
