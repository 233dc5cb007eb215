package dev.offshoot.usage;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Projections.exclude;
import static com.mongodb.client.model.Projections.include;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.max;
import static com.mongodb.client.model.Updates.min;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import dev.offshoot.database.DatabaseGate;
import dev.offshoot.scope.Located;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.ScopedRepository;
import dev.offshoot.task.SharedTaskRepository;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.YearMonth;
import java.util.Collection;
import java.util.List;
import org.bson.codecs.pojo.annotations.BsonProperty;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/** Stores usage days. */
@Singleton
public class UsageDayRepository extends SharedTaskRepository<UsageDay, String> {
    private static final int DAYS_OF_MONTH = 31;

    private static final class Raw implements ReactivePanacheMongoRepositoryBase<UsageDay, String> {}

    UsageDayRepository(DatabaseGate gate) {
        super(
                gate,
                new Raw(),
                index("organisation", "month"),
                index("lineage", "month", "open_month"),
                sparseIndex("open_month"));
    }

    public Uni<List<UsageDay>> byIds(OrgScope scope, Collection<String> ids) {
        return list(scope, in("_id", ids), ascending("_id"), 0, ids.size());
    }

    /** The days of a month, without the ids of the records that they absorbed last. */
    public Uni<List<UsageDay>> ofMonth(OrgScope scope, OrgId organisation, String month) {
        var filter = and(eq("organisation", organisation), eq("month", month));
        return list(scope, filter, UsageDay.class, exclude("absorbed"), DAYS_OF_MONTH);
    }

    /** Streams the days of the scope's top organisation, or of everything in the scope, as the query asks. */
    public Multi<DayFigures> each(OrgScope scope, UsageQuery query) {
        return stream(scope, of(scope, query), DayFigures.class, include("lineage", "sums", "counts"));
    }

    /** Whether any of these days is waiting for its month to be closed, for the first time or again. */
    public Uni<Boolean> anyOpen(OrgScope scope, UsageQuery query) {
        var open = and(of(scope, query), eq("open_month", query.monthText()));
        return list(scope, open, DayFigures.class, include("lineage"), 1).map(found -> !found.isEmpty());
    }

    /** Inserts the days that are not stored yet, and leaves the others as they are. */
    public Uni<Void> insertNew(OrgScope scope, List<UsageDay> days) {
        return insertAll(scope, days).onFailure(ScopedRepository::isDuplicate).recoverWithNull();
    }

    /** Stores the sums of each day that still has the revision before its own. */
    public Uni<Void> reviseAll(OrgScope scope, List<UsageDay> days) {
        return updateEach(days.stream().map(day -> revision(scope, day)).toList());
    }

    /** Inserts the days that are not stored yet, each in its own scope. */
    public Uni<Void> insertCounted(List<Located<UsageDay>> days) {
        return insertEach(days).onFailure(ScopedRepository::isDuplicate).recoverWithNull();
    }

    /** Writes counts. A count changes nothing if the day already holds it or a larger one of the same counter. */
    public Uni<Void> raise(List<RequestCount> counts) {
        return updateEach(counts.stream().map(UsageDayRepository::raised).toList());
    }

    /** The given days whose last derivation was this one. */
    public Uni<List<UsageDay>> madeBy(OrgScope scope, Collection<String> ids, ObjectId derivation) {
        return list(scope, and(in("_id", ids), eq("derivation", derivation)), ascending("_id"), 0, ids.size());
    }

    /** Marks days as included in their closed month, unless they changed since they were read. */
    public Uni<Void> markClosed(OrgScope scope, Collection<UsageDay> days) {
        List<Bson> seen = days.stream()
                .map(day -> and(eq("_id", day.id()), eq("revision", day.revision())))
                .toList();
        return updateAll(scope, or(seen), combine(unset("open_month"), completed()));
    }

    /** The days that are waiting for the same month to be closed. */
    @Override
    protected Bson sharing(UsageDay day) {
        return and(eq("organisation", day.organisation()), eq("month", day.month()));
    }

    /** The months of the days that are waiting for their month to be closed, unordered. For the operator's metrics. */
    Uni<List<Open>> open(YearMonth last, int limit) {
        return pending("open_month", last.toString(), Open.class, include("open_month"), limit);
    }

    /** The open month of a day, without its other fields. */
    @RegisterForReflection
    public record Open(@BsonProperty("open_month") String month) {}

    private static Bson of(OrgScope scope, UsageQuery query) {
        var month = eq("month", query.monthText());
        return query.subtree() ? month : and(eq("organisation", scope.root()), month);
    }

    private static RecordUpdate revision(OrgScope scope, UsageDay day) {
        return new RecordUpdate(
                scope,
                and(eq("_id", day.id()), eq("revision", day.revision() - 1)),
                combine(
                        set("sums", day.sums()),
                        set("absorbed", day.absorbedRecords()),
                        set("revision", day.revision()),
                        set("derivation", day.derivation()),
                        toBeClosed(day.month())));
    }

    private static RecordUpdate raised(RequestCount count) {
        var field = "counts." + count.counter();
        return new RecordUpdate(
                count.organisation(),
                and(eq("_id", count.dayId()), or(exists(field, false), lt(field, count.requests()))),
                combine(max(field, count.requests()), inc("revision", 1L), toBeClosed(count.month())));
    }

    /** Leaves the month to be closed, for the first time or again. */
    private static Bson toBeClosed(String month) {
        return combine(set("open_month", month), min(DUE_AT, UsageMonth.closableFrom(month)));
    }
}
