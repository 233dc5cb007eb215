package dev.offshoot.idempotency;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import dev.offshoot.database.DatabaseGate;
import dev.offshoot.digest.Sealed;
import dev.offshoot.scope.Located;
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
import java.util.Optional;
import org.bson.conversions.Bson;

/** Stores claims. It sweeps old ones through the task queue. */
@Singleton
public class ClaimRepository extends ScopedRepository<Claim, String> implements TaskHandler {

    private static final class Raw implements ReactivePanacheMongoRepositoryBase<Claim, String> {}

    ClaimRepository(DatabaseGate gate) {
        super(gate, new Raw(), index("created_at"));
    }

    /** Inserts a claim, or finds the one that was made before. Empty if that one has just been removed. */
    Uni<Optional<Claim>> insertOrFind(OrgScope scope, Claim claim) {
        return insertOrFind(scope, claim, claim.id());
    }

    /** Moves the lease of a claim without an answer. False if somebody else did so first, or the claim has changed. */
    Uni<Boolean> lease(OrgScope scope, Claim read, Instant end) {
        return update(scope, undone(read), set("leased_until", end));
    }

    /** Keeps the answer, and drops the seed. False if somebody else has the lease now. */
    Uni<Boolean> keep(OrgScope scope, Claim leased, KeptAnswer answer) {
        return update(scope, undone(leased), combine(set("answer", answer), unset("seed")));
    }

    /** Removes a claim that stands for nothing: what it was made for was not done. */
    Uni<Void> release(OrgScope scope, Claim leased) {
        return remove(scope, undone(leased));
    }

    /** Removes a claim whose time is over. */
    Uni<Void> removeOld(OrgScope scope, Claim old) {
        return remove(scope, and(eq("_id", old.id()), eq("created_at", old.createdAt())));
    }

    /** Lists claims of all organisations in order of their ids, after the given one. For what has to look at all of them. */
    public Uni<List<Located<Claim>>> each(Optional<String> after, int limit) {
        return walk(after, limit);
    }

    /** A new seal for what a claim holds. */
    public record Reseal(OrgScope scope, Claim read, Sealed fresh) {}

    /** Puts each seal in the place of the one that was read, if that is still there. Returns how many those were. */
    public Uni<Long> reseal(List<Reseal> reseals) {
        return updateEachAndCount(
                reseals.stream().map(ClaimRepository::resealing).toList());
    }

    private static RecordUpdate resealing(Reseal reseal) {
        var field = reseal.read().answer() == null ? "seed" : "answer.body";
        var iv = reseal.read().sealed().map(Sealed::iv).orElseThrow();
        return new RecordUpdate(
                reseal.scope(), and(eq("_id", reseal.read().id()), eq(field + ".iv", iv)), set(field, reseal.fresh()));
    }

    @Override
    public String name() {
        return "sweep-requests";
    }

    @Override
    public Uni<BatchResult> runDue(Clock clock) {
        return sweep("created_at", clock.instant().minus(Claims.KEPT)).replaceWith(BatchResult.NOTHING);
    }

    private static Bson undone(Claim read) {
        return and(eq("_id", read.id()), eq("leased_until", read.leasedUntil()), exists("answer", false));
    }
}
