package dev.offshoot.usage;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Projections.exclude;
import static com.mongodb.client.model.Projections.include;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.max;
import static com.mongodb.client.model.Updates.set;

import dev.offshoot.database.DatabaseGate;
import dev.offshoot.scope.Located;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.ScopedRepository;
import dev.offshoot.task.BacklogEntry;
import dev.offshoot.task.BatchTaskRepository;
import dev.offshoot.task.TaskType;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/** Stores usage days. */
@Singleton
public class UsageDayRepository extends BatchTaskRepository<UsageDay> {
    private static final int DAYS_OF_MONTH = 31;

    private static final class Raw implements ReactivePanacheMongoRepositoryBase<UsageDay, String> {}

    UsageDayRepository(DatabaseGate gate) {
        super(gate, new Raw(), index("organisation", "month"), index("lineage", "month", PENDING_SINCE));
    }

    public Uni<List<UsageDay>> byIds(OrgScope scope, Collection<String> ids) {
        return list(scope, selective(in("_id", ids)), ascending("_id"), 0, ids.size());
    }

    /** The days of an organisation's month, in order. */
    public Uni<List<DayFigures>> ofMonth(OrgScope scope, OrgId organisation, String month) {
        var filter = selective(and(eq("organisation", organisation), eq("month", month)));
        return list(scope, filter, DayFigures.class, figures(), DAYS_OF_MONTH);
    }

    /** The days that their month's figures do not include yet, or not as they are; unordered. */
    public Uni<List<DayFigures>> pending(OrgScope scope, UsageQuery query, int limit) {
        return listAny(scope, pendingOf(scope, query), DayFigures.class, figures(), limit);
    }

    /** Since when a day of these has been pending; absent if none is. */
    public Uni<Optional<Instant>> pendingSince(OrgScope scope, UsageQuery query) {
        return list(scope, pendingOf(scope, query), ascending(PENDING_SINCE), 0, 1)
                .map(found -> found.stream().map(UsageDay::pendingSince).findFirst());
    }

    /** The days that wait to be included in one of these months, of any organisation, in any order. Only for the closing. */
    Uni<List<DueTask>> pendingOf(Collection<String> months, int limit) {
        return pendingTasks(and(gte(DUE_AT, Instant.EPOCH), in("month", months)), limit);
    }

    /** Inserts the days that are not stored yet, and leaves the others as they are. */
    public Uni<Void> insertNew(OrgScope scope, List<UsageDay> days) {
        return insertAll(scope, days).onFailure(ScopedRepository::isDuplicate).recoverWithNull();
    }

    /** Stores the sums of each day that still has the revision before its own. */
    public Uni<Void> reviseAll(OrgScope scope, List<UsageDay> days, Instant now) {
        return updateEach(days.stream().map(day -> revision(scope, day, now)).toList());
    }

    /** Inserts the days that are not stored yet, each in its own scope. */
    public Uni<Void> insertCounted(List<Located<UsageDay>> days) {
        return insertEach(days).onFailure(ScopedRepository::isDuplicate).recoverWithNull();
    }

    /** Writes counts. A count changes nothing if the day already holds it or a larger one of the same counter. */
    public Uni<Void> raise(List<RequestCount> counts, Instant now) {
        return updateEach(counts.stream().map(count -> raised(count, now)).toList());
    }

    /** The given days whose last derivation was this one. */
    public Uni<List<UsageDay>> madeBy(OrgScope scope, Collection<String> ids, ObjectId derivation) {
        return list(
                scope, selective(and(in("_id", ids), eq("derivation", derivation))), ascending("_id"), 0, ids.size());
    }

    /** The claimed days, without the ids of the records that they absorbed last. */
    public Uni<List<Located<UsageDay>>> claimed(Collection<String> ids, Instant lease) {
        return claimed(ids, lease, exclude("absorbed"));
    }

    /** Marks days as included in their month's figures, unless they changed since they were read. */
    public Uni<Void> markIncluded(Collection<Located<UsageDay>> days) {
        return updateEach(days.stream().map(UsageDayRepository::included).toList());
    }

    /** The pending days, unordered. For the operator's metrics. */
    public Uni<List<BacklogEntry>> backlog(int limit) {
        return pendingTasks(lte(DUE_AT, ANY_TIME), limit).map(all -> all.stream()
                .map(day -> new BacklogEntry(TaskType.USAGE_MONTHS, day.since()))
                .toList());
    }

    private static Bson figures() {
        return include("lineage", "sums", "counts");
    }

    private static Bson pendingOf(OrgScope scope, UsageQuery query) {
        var pending = and(eq("month", query.monthText()), gte(PENDING_SINCE, Instant.EPOCH));
        return query.subtree() ? pending : selective(and(eq("organisation", scope.root()), pending));
    }

    private static RecordUpdate included(Located<UsageDay> day) {
        var read = day.record();
        return new RecordUpdate(day.scope(), and(eq("_id", read.id()), eq("revision", read.revision())), completed());
    }

    private static RecordUpdate revision(OrgScope scope, UsageDay day, Instant now) {
        return new RecordUpdate(
                scope,
                and(eq("_id", day.id()), eq("revision", day.revision() - 1)),
                combine(
                        set("sums", day.sums()),
                        set("absorbed", day.absorbedRecords()),
                        set("revision", day.revision()),
                        set("derivation", day.derivation()),
                        changed(day.month(), now)));
    }

    private static RecordUpdate raised(RequestCount count, Instant now) {
        var field = "counts." + count.counter();
        return new RecordUpdate(
                count.organisation(),
                and(eq("_id", count.dayId()), or(exists(field, false), lt(field, count.requests()))),
                combine(max(field, count.requests()), inc("revision", 1L), changed(count.month(), now)));
    }

    /** Leaves the day to be added to its month. */
    private static Bson changed(String month, Instant now) {
        return leave(now, UsageDay.dueAt(month, now));
    }
}
