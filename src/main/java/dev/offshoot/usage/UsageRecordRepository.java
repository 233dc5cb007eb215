package dev.offshoot.usage;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Projections.include;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.unset;

import dev.offshoot.database.DatabaseGate;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.ScopedRepository;
import dev.offshoot.task.SharedTaskRepository;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.bson.conversions.Bson;

/** Stores reported usage records. */
@Singleton
public class UsageRecordRepository extends SharedTaskRepository<UsageRecord, String> {

    private static final class Raw implements ReactivePanacheMongoRepositoryBase<UsageRecord, String> {}

    UsageRecordRepository(DatabaseGate gate) {
        super(gate, new Raw(), sparseIndex("underived.day"));
    }

    /** Inserts the records that are not stored yet. True if none of them was. */
    public Uni<Boolean> insertNew(OrgScope scope, List<UsageRecord> records) {
        return insertAll(scope, records)
                .replaceWith(true)
                .onFailure(ScopedRepository::isDuplicate)
                .recoverWithItem(false);
    }

    public Uni<List<UsageRecord>> byIds(OrgScope scope, Collection<String> ids) {
        return list(scope, selective(in("_id", ids)), ascending("_id"), 0, ids.size());
    }

    /** The records of these days that are waiting to be derived, at most {@code limit}. */
    public Uni<List<UsageRecord>> underivedOf(OrgScope scope, Collection<String> dayIds, int limit) {
        return list(scope, selective(in("underived.day", dayIds)), ascending("_id"), 0, limit);
    }

    public Uni<Void> markDerived(OrgScope scope, Collection<String> ids) {
        return updateAll(scope, in("_id", ids), combine(unset("underived"), completed()));
    }

    /**
     * Whether any record of the month is waiting to be derived, for the scope's top organisation or for anything in the
     * scope.
     */
    public Uni<Boolean> anyUnderived(OrgScope scope, UsageQuery query) {
        var waiting = query.subtree()
                ? and(gte(DUE_AT, Instant.EPOCH), eq("month", query.monthText()))
                : and(
                        gte(
                                "underived.day",
                                UsageDay.idOf(scope.root(), query.month().atDay(1))),
                        lte(
                                "underived.day",
                                UsageDay.idOf(scope.root(), query.month().atEndOfMonth())));
        return find(scope, waiting).map(Optional::isPresent);
    }

    /** The records that are waiting for the same day to be derived. */
    @Override
    protected Bson sharing(UsageRecord record) {
        return eq("underived.day", record.dayId());
    }

    /** Since when records have been waiting for their day, unordered. For the operator's metrics. */
    Uni<List<Undone>> undone(int limit) {
        return pending(lte(DUE_AT, ANY_TIME), Undone.class, include("underived"), limit);
    }

    /** The mark of a waiting record, without its other fields. */
    @RegisterForReflection
    public record Undone(UsageRecord.Underived underived) {}
}
