package dev.offshoot.usage;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lte;
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
import java.time.YearMonth;
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

    /** Records of those days that wait to be derived, at most {@code limit}. */
    public Uni<List<UsageRecord>> underivedOf(OrgScope scope, Collection<String> dayIds, int limit) {
        return list(scope, in("underived.day", dayIds), ascending("_id"), 0, limit);
    }

    public Uni<Void> markDerived(OrgScope scope, Collection<String> ids) {
        return updateAll(scope, in("_id", ids), unset("underived"));
    }

    public Uni<Boolean> anyUnderived(OrgScope scope, OrgId organisation, YearMonth month) {
        var first = UsageDay.idOf(organisation, month.atDay(1));
        var last = UsageDay.idOf(organisation, month.atEndOfMonth());
        return find(scope, and(gte("underived.day", first), lte("underived.day", last)))
                .map(Optional::isPresent);
    }

    public Uni<List<Located<UsageRecord>>> underived(Instant since, int limit) {
        return waiting("underived.since", since, limit);
    }
}
