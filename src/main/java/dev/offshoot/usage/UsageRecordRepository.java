package dev.offshoot.usage;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Updates.unset;

import dev.offshoot.scope.Located;
import dev.offshoot.scope.OrgId;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.ScopedRepository;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The collection of reported records. */
@Singleton
public class UsageRecordRepository extends ScopedRepository<UsageRecord, String> {

    private static final class Raw implements ReactivePanacheMongoRepositoryBase<UsageRecord, String> {}

    UsageRecordRepository() {
        super(new Raw());
    }

    /** Inserts those records that are not there yet; true when none of them was. */
    public Uni<Boolean> insertNew(OrgScope scope, List<UsageRecord> records) {
        return insertAll(scope, records)
                .replaceWith(true)
                .onFailure(ScopedRepository::isDuplicate)
                .recoverWithItem(false);
    }

    public Uni<List<UsageRecord>> byIds(OrgScope scope, Collection<String> ids) {
        return list(scope, in("_id", ids), ascending("_id"), 0, 0);
    }

    /** Every record of those days. */
    public Uni<List<UsageRecord>> ofDays(OrgScope scope, Collection<String> dayIds) {
        return list(scope, in("day_id", dayIds), ascending("_id"), 0, 0);
    }

    public Uni<Void> markDerived(OrgScope scope, Collection<String> ids) {
        return updateAll(scope, in("_id", ids), unset("underived_since"));
    }

    public Uni<Boolean> anyUnderived(OrgScope scope, OrgId organisation, String month) {
        var filter = and(eq("organisation", organisation), eq("month", month), exists("underived_since"));
        return find(scope, filter).map(Optional::isPresent);
    }

    public Uni<List<Located<UsageRecord>>> underived(Instant since, int limit) {
        return waiting("underived_since", since, limit);
    }
}
