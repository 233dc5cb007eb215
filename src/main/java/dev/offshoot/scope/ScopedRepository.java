package dev.offshoot.scope;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lte;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoWriteException;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexModel;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.InsertManyOptions;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.client.result.DeleteResult;
import com.mongodb.client.result.UpdateResult;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.FindOptions;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.quarkus.mongodb.reactive.ReactiveMongoCollection;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * The only way to a collection: every query and every write carries the lineage of a scope. What works without a caller
 * gets its scope from a record that it finds ({@link #authenticate}, {@link #due}); an architecture test lists who
 * may.
 *
 * @param <R> the stored record
 * @param <I> the type of its id
 */
public abstract class ScopedRepository<R extends Scoped, I> {
    /** Of a stream, in one command: as much as the server hands out at once, which is 16 MB. */
    private static final int MOST_AT_ONCE = 100_000;

    /** Asked for once: Panache looks its settings up by the thread's class loader, and the driver's threads may have another. */
    private final ReactiveMongoCollection<R> records;

    private final List<IndexModel> indexes;

    /** @param indexes what its queries need; the first migration creates them */
    protected ScopedRepository(ReactivePanacheMongoRepositoryBase<R, I> raw, IndexModel... indexes) {
        this.records = raw.mongoCollection();
        this.indexes = List.of(indexes);
    }

    /** The name of the collection. */
    public final String collection() {
        return records.getNamespace().getCollectionName();
    }

    public final List<IndexModel> indexes() {
        return indexes;
    }

    protected static IndexModel index(String... fields) {
        return new IndexModel(Indexes.ascending(fields));
    }

    /** An index of the records that have the field. */
    protected static IndexModel sparseIndex(String field) {
        return new IndexModel(Indexes.ascending(field), new IndexOptions().sparse(true));
    }

    protected static IndexModel uniqueIndex(String field) {
        return new IndexModel(Indexes.ascending(field), new IndexOptions().unique(true));
    }

    /** A unique index of the records that have the field. */
    protected static IndexModel sparseUniqueIndex(String field) {
        return new IndexModel(
                Indexes.ascending(field), new IndexOptions().unique(true).sparse(true));
    }

    protected final Uni<Optional<R>> find(OrgScope scope, Bson filter) {
        return records.find(within(scope, filter), new FindOptions().limit(1))
                .collect()
                .first()
                .map(Optional::ofNullable);
    }

    /** The records in order of their sort, at most {@code limit} of them, in one command while they fit into its answer. */
    protected final Uni<List<R>> list(OrgScope scope, Bson filter, Bson sort, int skip, int limit) {
        var options = new FindOptions().sort(sort).skip(skip).limit(limit).batchSize(limit);
        return records.find(within(scope, filter), options).collect().asList();
    }

    /** As {@link #list}, with no more of each record than the projection includes, read as the smaller record. */
    protected final <S> Uni<List<S>> list(OrgScope scope, Bson filter, Class<S> as, Bson projection, int limit) {
        var options = new FindOptions()
                .projection(projection)
                .sort(Sorts.ascending("_id"))
                .limit(limit)
                .batchSize(limit);
        return records.find(within(scope, filter), as, options).collect().asList();
    }

    /** As {@link #list(OrgScope, Bson, Class, Bson, int)}, in no order, and handed on as they arrive. */
    protected final <S> Multi<S> stream(OrgScope scope, Bson filter, Class<S> as, Bson projection) {
        var options = new FindOptions().projection(projection).batchSize(MOST_AT_ONCE);
        return records.find(within(scope, filter), as, options);
    }

    protected final Uni<Long> count(OrgScope scope, Bson filter) {
        return records.countDocuments(within(scope, filter));
    }

    /** Inserts a record whose id we minted. One that is there already, and is this very one, was inserted by a retry. */
    protected final Uni<Void> insert(OrgScope scope, R record, I id) {
        requireCovered(scope, record);
        return records.insertOne(record)
                .replaceWithVoid()
                .onFailure(ScopedRepository::isDuplicate)
                .recoverWithUni(duplicate -> requireOurs(scope, record, id, duplicate));
    }

    /** Inserts records in one command, whichever of them can be; fails with a bulk exception when one could not. */
    protected final Uni<Void> insertAll(OrgScope scope, List<R> all) {
        return insertEach(
                all.stream().map(record -> new Located<>(record, scope)).toList());
    }

    /** As {@link #insertAll} for records of many organisations, each in the scope that it stands with. */
    protected final Uni<Void> insertEach(List<Located<R>> all) {
        all.forEach(each -> requireCovered(each.scope(), each.record()));
        var fresh = all.stream().map(Located::record).toList();
        return records.insertMany(fresh, new InsertManyOptions().ordered(false)).replaceWithVoid();
    }

    /** Changes at most one record; true when one matched. */
    protected final Uni<Boolean> update(OrgScope scope, Bson filter, Bson update) {
        return records.updateOne(within(scope, filter), update).map(result -> result.getMatchedCount() > 0);
    }

    /** Makes many changes, each of at most one record, in one command; those that match nothing do nothing. */
    protected final Uni<Void> updateEach(List<RecordUpdate> changes) {
        return updateEachAndCount(changes).replaceWithVoid();
    }

    /** As {@link #updateEach}; how many matched. */
    protected final Uni<Long> updateEachAndCount(List<RecordUpdate> changes) {
        var models = changes.stream()
                .map(change -> new UpdateOneModel<R>(within(change.scope(), change.filter()), change.update()))
                .toList();
        return records.bulkWrite(models, new BulkWriteOptions().ordered(false))
                .map(result -> (long) result.getMatchedCount());
    }

    /** What is to be done to the one record that the filter finds in the scope. */
    public record RecordUpdate(OrgScope scope, Bson filter, Bson update) {}

    /**
     * As {@link #update(OrgScope, Bson, Bson)} for one entry of a list, which the update calls {@code $[entry]}. (The
     * entry that the filter found, {@code $}, may be one of the lineage, which the scope's own filter looks into.)
     */
    protected final Uni<Boolean> updateEntry(OrgScope scope, Bson filter, Bson entry, Bson update) {
        return records.updateOne(within(scope, filter), update, new UpdateOptions().arrayFilters(List.of(entry)))
                .map(result -> result.getMatchedCount() > 0);
    }

    protected final Uni<Void> updateAll(OrgScope scope, Bson filter, Bson update) {
        return updateAndCount(scope, filter, update).replaceWithVoid();
    }

    /** Changes all that match; how many those were. */
    protected final Uni<Long> updateAndCount(OrgScope scope, Bson filter, Bson update) {
        return records.updateMany(within(scope, filter), update).map(UpdateResult::getMatchedCount);
    }

    protected final Uni<Void> remove(OrgScope scope, Bson filter) {
        return removeAndCount(scope, filter).replaceWithVoid();
    }

    /** Removes all that match; how many those were. */
    protected final Uni<Long> removeAndCount(OrgScope scope, Bson filter) {
        return records.deleteMany(within(scope, filter)).map(DeleteResult::getDeletedCount);
    }

    /** Inserts a record of the root organisation's own; false when its id is taken. For the bootstrap. */
    protected final Uni<Boolean> insertFounding(R record) {
        if (!record.lineage().equals(List.of(OrgId.ROOT))) {
            throw new IllegalArgumentException("not a record of the root: " + record.owner());
        }
        return records.insertOne(record)
                .replaceWith(true)
                .onFailure(ScopedRepository::isDuplicate)
                .recoverWithItem(false);
    }

    /** The record of that id, and the scope that it opens. For finding out who calls; nothing else may use it. */
    protected final Uni<Optional<Located<R>>> authenticate(I id) {
        return records.find(eq("_id", id))
                .collect()
                .first()
                .map(Optional::ofNullable)
                .map(found -> found.map(ScopedRepository::located));
    }

    /** Records, of whatever organisation, whose field is at most that. For background work. */
    protected final Uni<List<Located<R>>> due(String field, Object most, int limit) {
        var options =
                new FindOptions().sort(Sorts.ascending(field)).limit(limit).batchSize(limit);
        return records.find(lte(field, most), options)
                .map(ScopedRepository::located)
                .collect()
                .asList();
    }

    /** Records of whatever organisation in order of their ids, behind that one. For work that has to see all of them. */
    protected final Uni<List<Located<R>>> walk(Optional<I> after, int limit) {
        var behind = after.map(id -> gt("_id", id)).orElse(Filters.empty());
        var options =
                new FindOptions().sort(Sorts.ascending("_id")).limit(limit).batchSize(limit);
        return records.find(behind, options)
                .map(ScopedRepository::located)
                .collect()
                .asList();
    }

    /**
     * As {@link #due}, without the records' scopes, with only the fields of the projection, and in no order: to sort by a
     * field of an array, the database would fetch everything that is pending before the limit. For figures of the whole
     * installation.
     */
    protected final <S> Uni<List<S>> pending(String field, Object most, Class<S> as, Bson projection, int limit) {
        var options = new FindOptions().projection(projection).limit(limit).batchSize(limit);
        return records.find(lte(field, most), as, options).collect().asList();
    }

    /** Removes records, of whatever organisation, that are older than that. For what is of no use after a while. */
    protected final Uni<Void> sweep(String field, Object most) {
        return records.deleteMany(lte(field, most)).replaceWithVoid();
    }

    /** Those of the records that exist, of whatever organisation. For the status of a scope's ancestors, and nothing else. */
    protected final <S> Uni<List<S>> findAnywhere(Collection<I> ids, Class<S> as, Bson projection) {
        return records.find(in("_id", ids), as, new FindOptions().projection(projection))
                .collect()
                .asList();
    }

    /** Whether a write failed because of a unique index, and of nothing else. */
    public static boolean isDuplicate(Throwable failure) {
        if (failure instanceof MongoWriteException write) {
            return write.getError().getCategory() == ErrorCategory.DUPLICATE_KEY;
        }
        return failure instanceof MongoBulkWriteException bulk
                && bulk.getWriteConcernError() == null
                && !bulk.getWriteErrors().isEmpty()
                && bulk.getWriteErrors().stream().allMatch(error -> error.getCategory() == ErrorCategory.DUPLICATE_KEY);
    }

    private Uni<Void> requireOurs(OrgScope scope, R record, I id, Throwable duplicate) {
        return find(scope, eq("_id", id))
                .map(stored -> {
                    if (stored.filter(record::equals).isEmpty()) {
                        throw (RuntimeException) duplicate;
                    }
                    return stored;
                })
                .replaceWithVoid();
    }

    /** Sets the field, or takes it away for null: what is absent is not stored. */
    protected static Bson setOrUnset(String field, @Nullable Object value) {
        return value == null ? Updates.unset(field) : Updates.set(field, value);
    }

    private static <R extends Scoped> Located<R> located(R record) {
        return new Located<>(record, new OrgScope(record.lineage()));
    }

    private static void requireCovered(OrgScope scope, Scoped record) {
        if (!scope.covers(record)) {
            throw new IllegalStateException("a record outside of its writer's scope: " + record.owner());
        }
    }

    private static Bson within(OrgScope scope, Bson filter) {
        return and(scope.filter(), filter);
    }
}
