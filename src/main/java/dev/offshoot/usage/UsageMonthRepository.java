package dev.offshoot.usage;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Projections.exclude;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;

import dev.offshoot.database.DatabaseGate;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.ScopedRepository;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Stores closed months. */
@Singleton
public class UsageMonthRepository extends ScopedRepository<UsageMonth, String> {

    private static final class Raw implements ReactivePanacheMongoRepositoryBase<UsageMonth, String> {}

    UsageMonthRepository(DatabaseGate gate) {
        super(gate, new Raw(), index("lineage", "month"));
    }

    public Uni<Optional<UsageMonth>> find(OrgScope scope, String id) {
        return find(scope, eq("_id", id));
    }

    /** Streams the closed months of the scope's top organisation, or of everything in the scope, as the query asks. */
    public Multi<UsageMonth> each(OrgScope scope, UsageQuery query) {
        var filter = query.subtree()
                ? eq("month", query.monthText())
                : eq("_id", UsageMonth.idOf(scope.root(), query.monthText()));
        return stream(scope, filter, UsageMonth.class, exclude());
    }

    /** Stores a closing as the next version. False if another closing came first. */
    public Uni<Boolean> store(OrgScope scope, UsageMonth month) {
        return month.version() == 1 ? insertFirst(scope, month) : reviseTo(scope, month);
    }

    private Uni<Boolean> insertFirst(OrgScope scope, UsageMonth month) {
        return insert(scope, month, month.id())
                .replaceWith(true)
                .onFailure(ScopedRepository::isDuplicate)
                .recoverWithItem(false);
    }

    private Uni<Boolean> reviseTo(OrgScope scope, UsageMonth month) {
        return update(
                scope,
                and(eq("_id", month.id()), eq("version", month.version() - 1)),
                combine(
                        set("days", month.days()),
                        set("inputs", month.inputs()),
                        set("version", month.version()),
                        set("closed_at", month.closedAt())));
    }
}
