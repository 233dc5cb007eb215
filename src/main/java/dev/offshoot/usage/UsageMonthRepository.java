package dev.offshoot.usage;

import static com.mongodb.client.model.Accumulators.max;
import static com.mongodb.client.model.Accumulators.sum;
import static com.mongodb.client.model.Aggregates.group;
import static com.mongodb.client.model.Aggregates.limit;
import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.empty;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.nin;
import static com.mongodb.client.model.Projections.exclude;
import static com.mongodb.client.model.Projections.include;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;

import com.mongodb.client.model.BsonField;
import dev.offshoot.database.DatabaseGate;
import dev.offshoot.scope.Located;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.ScopedRepository;
import dev.offshoot.task.BacklogEntry;
import dev.offshoot.task.BatchTaskRepository;
import dev.offshoot.task.TaskType;
import dev.offshoot.usage.UsageQuery.Breakdown;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.codecs.pojo.annotations.BsonId;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/** Stores months, and has the database add them up. */
@Singleton
public class UsageMonthRepository extends BatchTaskRepository<UsageMonth> {
    private static final Document IS_CLOSED =
            new Document("$cond", List.of(new Document("$gt", List.of("$version", 0)), 1, 0));

    /** A sum has a few numbers for each day, which take as much memory as two records of a list. */
    private static final int SUM_WEIGHT = 2;

    /** What both halves of a sum show, unless a month came, was closed or got other requests between them. */
    private static final List<String> STATE = List.of("organisations", "version", "closed_at", "total");

    private static final class Raw implements ReactivePanacheMongoRepositoryBase<UsageMonth, String> {}

    UsageMonthRepository(DatabaseGate gate) {
        super(gate, new Raw(), index("lineage", "month"), sparseIndex(PENDING_SINCE));
    }

    public Uni<Optional<UsageMonth>> find(OrgScope scope, String id) {
        return find(scope, eq("_id", id));
    }

    public Uni<List<UsageMonth>> byIds(OrgScope scope, Collection<String> ids) {
        return list(scope, selective(in("_id", ids)), ascending("_id"), 0, ids.size());
    }

    /**
     * The sums of the months of everything in the scope: one, or one for each child, as the query asks, and at most one more
     * than {@link RollUp#MOST_ROWS}.
     *
     * @param without the ids of months that are left out
     */
    Uni<List<MonthSum>> sums(OrgScope scope, UsageQuery query, Collection<String> without) {
        var rows = query.breakdown() == Breakdown.DAILY
                ? halves(scope, query, without).chain(found -> found.map(Uni.createFrom()::item)
                        .orElseGet(
                                () -> rows(scope, query, without, Stream.of(state(), levels(query), requests(query)))))
                : rows(scope, query, without, Stream.of(state(), levels(query)));
        return rows.map(all -> all.stream().map(row -> sumOf(row, query)).toList());
    }

    /** Levels and requests in two commands at once, which takes half the time. Absent if months changed between them. */
    private Uni<Optional<List<Document>>> halves(OrgScope scope, UsageQuery query, Collection<String> without) {
        return Uni.combine()
                .all()
                .unis(
                        rows(scope, query, without, Stream.of(state(), levels(query))),
                        rows(scope, query, without, Stream.of(state(), requests(query))))
                .with(UsageMonthRepository::together);
    }

    private static Optional<List<Document>> together(List<Document> levels, List<Document> requests) {
        if (levels.isEmpty() || requests.isEmpty()) {
            return levels.isEmpty() && requests.isEmpty() ? Optional.of(List.of()) : Optional.empty();
        }
        var row = new Document(levels.get(0));
        row.putAll(requests.get(0));
        var isSame = STATE.stream()
                .allMatch(field -> Objects.equals(row.get(field), levels.get(0).get(field)));
        return isSame ? Optional.of(List.of(row)) : Optional.empty();
    }

    private Uni<List<Document>> rows(
            OrgScope scope, UsageQuery query, Collection<String> without, Stream<List<BsonField>> fields) {
        var left = without.isEmpty() ? empty() : nin("_id", without);
        var most = query.breakdown() == Breakdown.CHILDREN ? RollUp.MOST_ROWS + 1 : 1;
        var stages =
                List.of(group(key(scope, query), fields.flatMap(List::stream).toList()), limit(most));
        return addUp(scope, and(eq("month", query.monthText()), left), stages, most, SUM_WEIGHT);
    }

    /** The months with these ids, of any organisation. Only for the derivation. */
    Uni<List<UsageMonth>> anyByIds(Collection<String> ids) {
        return findAnywhere(ids, UsageMonth.class, exclude());
    }

    /** Stores each month that still is as it was when it was read, and returns the ids of those. */
    Uni<Set<String>> storeEach(List<DerivedMonth> months) {
        var first = months.stream()
                .filter(month -> month.read() == null)
                .map(month -> new Located<>(month.next(), month.scope()))
                .toList();
        var later = months.stream()
                .filter(month -> month.read() != null)
                .map(UsageMonthRepository::replacement)
                .toList();
        return insertEach(first)
                .onFailure(ScopedRepository::isDuplicate)
                .recoverWithNull()
                .chain(() -> updateEach(later))
                .chain(() -> months.isEmpty() ? Uni.createFrom().item(Set.of()) : stored(months));
    }

    /** Which of the months are stored as they were derived. */
    private Uni<Set<String>> stored(List<DerivedMonth> months) {
        var derivations = months.stream()
                .collect(Collectors.toMap(
                        month -> month.next().id(), month -> month.next().derivation()));
        return findAnywhere(derivations.keySet(), Made.class, include("derivation"))
                .map(found -> found.stream()
                        .filter(month -> month.derivation().equals(derivations.get(month.id())))
                        .map(Made::id)
                        .collect(Collectors.toSet()));
    }

    /** Which derivation made a month, without its other fields. */
    @RegisterForReflection
    public record Made(@BsonId String id, ObjectId derivation) {}

    /** Closes the claimed months that nobody has closed or changed since, as they are. */
    Uni<Void> close(Collection<String> ids, Instant lease, Instant now) {
        return updateAnywhere(
                        ids,
                        and(eq(DUE_AT, lease), eq("version", 0)),
                        combine(
                                set("version", 1),
                                set("closed_at", now),
                                set("derivation", new ObjectId()),
                                completed()))
                .replaceWithVoid();
    }

    /** The months that are over and not closed, unordered. For the operator's metrics. */
    Uni<List<BacklogEntry>> backlog(Instant now, int limit) {
        return pendingTasks(lte(PENDING_SINCE, now), limit).map(all -> all.stream()
                .map(month -> new BacklogEntry(TaskType.USAGE_CLOSINGS, month.since()))
                .toList());
    }

    private static RecordUpdate replacement(DerivedMonth month) {
        var next = month.next();
        return new RecordUpdate(
                month.scope(),
                and(
                        eq("_id", next.id()),
                        eq("derivation", Objects.requireNonNull(month.read()).derivation())),
                combine(
                        set("levels", next.levels()),
                        set("requests", next.requests()),
                        set("total", next.total()),
                        set("version", next.version()),
                        set("derivation", next.derivation()),
                        next.isClosed() ? combine(set("closed_at", next.closedAt()), completed()) : combine()));
    }

    /**
     * The child that an organisation is in or beneath. All lineages end with that of the scope, so its position counts from
     * the end; the scope's own organisation has none.
     */
    private static @Nullable Document key(OrgScope scope, UsageQuery query) {
        return query.breakdown() == Breakdown.CHILDREN
                ? new Document(
                        "$arrayElemAt", List.of("$lineage", -scope.lineage().size() - 1))
                : null;
    }

    private static List<BsonField> state() {
        return List.of(
                sum("organisations", 1),
                sum("closed", IS_CLOSED),
                sum("version", "$version"),
                max("closed_at", "$closed_at"),
                sum("total", "$total"));
    }

    private static List<BsonField> levels(UsageQuery query) {
        return days(query).stream()
                .map(UsageMonth::nameOf)
                .map(day -> sum("level_" + day, "$levels." + day))
                .toList();
    }

    private static List<BsonField> requests(UsageQuery query) {
        return days(query).stream()
                .map(UsageMonth::nameOf)
                .map(day -> sum("requests_" + day, "$requests." + day))
                .toList();
    }

    private static MonthSum sumOf(Document row, UsageQuery query) {
        var child = row.getObjectId("_id");
        return new MonthSum(
                child == null ? null : new OrgId(child),
                whole(row, "organisations").longValueExact(),
                whole(row, "closed").longValueExact(),
                whole(row, "version").longValueExact(),
                Optional.ofNullable(row.getDate("closed_at"))
                        .map(Date::toInstant)
                        .orElse(null),
                whole(row, "total"),
                days(query).stream()
                        .filter(day -> level(row, day).isRecorded())
                        .map(day -> level(row, day).usage(day, requestsOf(row, day, query)))
                        .toList());
    }

    private static List<LocalDate> days(UsageQuery query) {
        return IntStream.rangeClosed(1, query.month().lengthOfMonth())
                .mapToObj(query.month()::atDay)
                .toList();
    }

    private static DaySum level(Document row, LocalDate day) {
        return DaySum.of(whole(row, "level_" + UsageMonth.nameOf(day)));
    }

    private static BigInteger requestsOf(Document row, LocalDate day, UsageQuery query) {
        return query.breakdown() == Breakdown.DAILY
                ? whole(row, "requests_" + UsageMonth.nameOf(day))
                : BigInteger.ZERO;
    }

    /** A sum, which servers return as the number type that it needs. One that is not exact is a bug of the server. */
    private static BigInteger whole(Document row, String field) {
        var sum = row.get(field);
        if (sum instanceof Decimal128 decimal && decimal.bigDecimalValue().scale() == 0) {
            return decimal.bigDecimalValue().toBigIntegerExact();
        }
        if (sum instanceof Long || sum instanceof Integer) {
            return BigInteger.valueOf(((Number) sum).longValue());
        }
        throw new IllegalStateException("the database's sum is not exact: " + field + " " + sum);
    }
}
