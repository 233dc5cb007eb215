package dev.offshoot.scope;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lte;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoWriteException;
import com.mongodb.client.model.Aggregates;
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
import dev.offshoot.database.Command;
import dev.offshoot.database.DatabaseGate;
import dev.offshoot.telemetry.DatabaseCommands;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.FindOptions;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.quarkus.mongodb.reactive.ReactiveMongoCollection;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.Document;
import org.bson.codecs.configuration.CodecRegistry;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * The only way to access a collection. Every query and every write made for a caller carries the lineage of a scope.
 * Authentication, background work and the start have no caller; they use the methods that say so, such as
 * {@link #authenticate} and {@link #due}, and an architecture test lists who may call each of them.
 *
 * @param <R> the stored record
 * @param <I> the type of its id
 */
public abstract class ScopedRepository<R extends Scoped, I> {
    /** A look-up of no more than these takes the time of one: a lineage has at most 17. */
    private static final int MOST_BY_KEY = 20;

    /**
     * Looked up only once. Panache reads its settings through the thread's class loader, and the driver's threads may
     * have another one.
     */
    private final ReactiveMongoCollection<R> records;

    private final DatabaseGate gate;
    private final List<IndexModel> indexes;
    private final DatabaseCommands.Series finds;
    private final DatabaseCommands.Series aggregates;
    private final DatabaseCommands.Series inserts;
    private final DatabaseCommands.Series updates;
    private final DatabaseCommands.Series deletes;

    /** @param indexes the indexes that the queries need; the first migration creates them */
    protected ScopedRepository(DatabaseGate gate, ReactivePanacheMongoRepositoryBase<R, I> raw, IndexModel... indexes) {
        this.gate = gate;
        this.records = raw.mongoCollection();
        this.indexes = List.of(indexes);
        finds = commands("find");
        aggregates = commands("aggregate");
        inserts = commands("insert");
        updates = commands("update");
        deletes = commands("delete");
    }

    private DatabaseCommands.Series commands(String name) {
        return gate.commands(collection(), name);
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

    /** An index of only the records that have the field. */
    protected static IndexModel sparseIndex(String field) {
        return new IndexModel(Indexes.ascending(field), new IndexOptions().sparse(true));
    }

    protected static IndexModel uniqueIndex(String field) {
        return new IndexModel(Indexes.ascending(field), new IndexOptions().unique(true));
    }

    /** A unique index of only the records that have the field. */
    protected static IndexModel sparseUniqueIndex(String field) {
        return new IndexModel(
                Indexes.ascending(field), new IndexOptions().unique(true).sparse(true));
    }

    /** Finds a record by a filter that is {@link #selective}. */
    protected final Uni<Optional<R>> find(OrgScope scope, Bson filter) {
        return gate.send(Command.SHORT_READ, finds, () -> records.find(
                                within(scope, selective(filter)), new FindOptions().limit(1))
                        .collect()
                        .first())
                .map(Optional::ofNullable);
    }

    /** Lists at most {@code limit} records, sorted. It takes one command if they fit into one answer. */
    protected final Uni<List<R>> list(OrgScope scope, Bson filter, Bson sort, int skip, int limit) {
        var options = new FindOptions().sort(sort).skip(skip).limit(limit).batchSize(limit);
        return gate.sendList(limit, finds, () -> records.find(within(scope, filter), options)
                .collect()
                .asList());
    }

    /** Like {@link #list}, but reads only the fields of the projection, as a smaller record, in order of ids. */
    protected final <S> Uni<List<S>> list(OrgScope scope, Bson filter, Class<S> as, Bson projection, int limit) {
        return listWith(scope, filter, as, projection, limit, new FindOptions().sort(Sorts.ascending("_id")));
    }

    /** Like {@link #list(OrgScope, Bson, Class, Bson, int)}, but in any order: of more than the limit, any of them. */
    protected final <S> Uni<List<S>> listAny(OrgScope scope, Bson filter, Class<S> as, Bson projection, int limit) {
        return listWith(scope, filter, as, projection, limit, new FindOptions());
    }

    private <S> Uni<List<S>> listWith(
            OrgScope scope, Bson filter, Class<S> as, Bson projection, int limit, FindOptions options) {
        options.projection(projection).limit(limit).batchSize(limit);
        return gate.sendList(limit, finds, () -> records.find(within(scope, filter), as, options)
                .collect()
                .asList());
    }

    /**
     * Lets the database add up what matches, by stages that return at most {@code limit} rows.
     *
     * @param rowWeight how many records of a list one row takes as much memory as
     */
    protected final Uni<List<Document>> addUp(
            OrgScope scope, Bson filter, List<Bson> stages, int limit, int rowWeight) {
        var pipeline = Stream.concat(Stream.of(Aggregates.match(within(scope, filter))), stages.stream())
                .toList();
        return gate.sendList(limit * rowWeight, aggregates, () -> records.aggregate(pipeline, Document.class)
                .collect()
                .asList());
    }

    protected final Uni<Long> count(OrgScope scope, Bson filter) {
        return gate.send(Command.LONG_READ, aggregates, () -> records.countDocuments(within(scope, filter)));
    }

    /**
     * Inserts a record. If an equal record with that id is already stored, an earlier attempt inserted it, and this
     * succeeds.
     */
    protected final Uni<Void> insert(OrgScope scope, R record, I id) {
        requireCovered(scope, record);
        return gate.send(Command.SHORT_WRITE, inserts, () -> records.insertOne(record))
                .replaceWithVoid()
                .onFailure(ScopedRepository::isDuplicate)
                .recoverWithUni(duplicate -> requireOurs(scope, record, id, duplicate));
    }

    /**
     * Inserts a record, and returns it. If its id is taken, returns the record that has it; empty if another unique
     * field is taken.
     */
    protected final Uni<Optional<R>> insertOrFind(OrgScope scope, R record, I id) {
        requireCovered(scope, record);
        return gate.send(Command.SHORT_WRITE, inserts, () -> records.insertOne(record))
                .map(inserted -> Optional.of(record))
                .onFailure(ScopedRepository::isDuplicate)
                .recoverWithUni(() -> find(scope, eq("_id", id)));
    }

    /**
     * Inserts as many of the records as possible in one command. Fails with a bulk exception if any of them could not
     * be inserted.
     */
    protected final Uni<Void> insertAll(OrgScope scope, List<R> all) {
        return insertEach(
                all.stream().map(record -> new Located<>(record, scope)).toList());
    }

    /** Like {@link #insertAll}, for records of many organisations, each with its own scope. */
    protected final Uni<Void> insertEach(List<Located<R>> all) {
        if (all.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        all.forEach(each -> requireCovered(each.scope(), each.record()));
        var fresh = all.stream().map(Located::record).toList();
        return gate.send(
                        Command.LONG_WRITE,
                        inserts,
                        () -> records.insertMany(fresh, new InsertManyOptions().ordered(false)))
                .replaceWithVoid();
    }

    /** Changes at most one record. True if one matched. */
    protected final Uni<Boolean> update(OrgScope scope, Bson filter, Bson update) {
        return gate.send(Command.SHORT_WRITE, updates, () -> records.updateOne(within(scope, filter), update))
                .map(result -> result.getMatchedCount() > 0);
    }

    /** Makes many changes in one command, each to at most one record. A change that matches nothing does nothing. */
    protected final Uni<Void> updateEach(List<RecordUpdate> changes) {
        return updateEachAndCount(changes).replaceWithVoid();
    }

    /** Like {@link #updateEach}, and returns how many changes matched. */
    protected final Uni<Long> updateEachAndCount(List<RecordUpdate> changes) {
        if (changes.isEmpty()) {
            return Uni.createFrom().item(0L);
        }
        var models = changes.stream()
                .map(change -> new UpdateOneModel<R>(within(change.scope(), change.filter()), change.update()))
                .toList();
        return gate.send(
                        Command.LONG_WRITE,
                        updates,
                        () -> records.bulkWrite(models, new BulkWriteOptions().ordered(false)))
                .map(result -> (long) result.getMatchedCount());
    }

    /** A change to the one record that the filter finds in the scope. */
    public record RecordUpdate(OrgScope scope, Bson filter, Bson update) {}

    /**
     * Like {@link #update(OrgScope, Bson, Bson)}, for one entry of a list, which the update calls {@code $[entry]}. The
     * positional operator {@code $} can't be used: it may refer to an entry of the lineage, because the scope's filter
     * looks into that.
     */
    protected final Uni<Boolean> updateEntry(OrgScope scope, Bson filter, Bson entry, Bson update) {
        var options = new UpdateOptions().arrayFilters(List.of(entry));
        return gate.send(Command.SHORT_WRITE, updates, () -> records.updateOne(within(scope, filter), update, options))
                .map(result -> result.getMatchedCount() > 0);
    }

    protected final Uni<Void> updateAll(OrgScope scope, Bson filter, Bson update) {
        return updateAndCount(scope, filter, update).replaceWithVoid();
    }

    /** Changes all records that match, and returns how many they were. */
    protected final Uni<Long> updateAndCount(OrgScope scope, Bson filter, Bson update) {
        return gate.send(Command.LONG_WRITE, updates, () -> records.updateMany(within(scope, filter), update))
                .map(UpdateResult::getMatchedCount);
    }

    protected final Uni<Void> remove(OrgScope scope, Bson filter) {
        return removeAndCount(scope, filter).replaceWithVoid();
    }

    /** Removes all that match; how many those were. */
    protected final Uni<Long> removeAndCount(OrgScope scope, Bson filter) {
        return gate.send(Command.LONG_WRITE, deletes, () -> records.deleteMany(within(scope, filter)))
                .map(DeleteResult::getDeletedCount);
    }

    /** Inserts a record of the root organisation itself. False if its id is taken. Only for the bootstrap. */
    protected final Uni<Boolean> insertFounding(R record) {
        if (!record.lineage().equals(List.of(OrgId.ROOT))) {
            throw new IllegalArgumentException("not a record of the root: " + record.owner());
        }
        return gate.send(Command.SHORT_WRITE, inserts, () -> records.insertOne(record))
                .replaceWith(true)
                .onFailure(ScopedRepository::isDuplicate)
                .recoverWithItem(false);
    }

    /** Finds the record with that id, and the scope that it opens. Only for authentication. */
    protected final Uni<Optional<Located<R>>> authenticate(I id) {
        return gate.send(Command.SHORT_READ, finds, () -> records.find(eq("_id", id))
                        .collect()
                        .first())
                .map(Optional::ofNullable)
                .map(found -> found.map(ScopedRepository::located));
    }

    /** Finds records of any organisation whose field is at most the given value. Only for background work. */
    protected final Uni<List<Located<R>>> due(String field, Object most, int limit) {
        var options =
                new FindOptions().sort(Sorts.ascending(field)).limit(limit).batchSize(limit);
        return gate.send(Command.LONG_READ, finds, () -> records.find(lte(field, most), options)
                .map(ScopedRepository::located)
                .collect()
                .asList());
    }

    /**
     * Lists records of any organisation in order of their ids, after the given id. Only for work that has to see all of
     * them.
     */
    protected final Uni<List<Located<R>>> walk(Optional<I> after, int limit) {
        var behind = after.map(id -> gt("_id", id)).orElse(Filters.empty());
        var options =
                new FindOptions().sort(Sorts.ascending("_id")).limit(limit).batchSize(limit);
        return gate.send(Command.LONG_READ, finds, () -> records.find(behind, options)
                .map(ScopedRepository::located)
                .collect()
                .asList());
    }

    /**
     * Lists what matches of any organisation, in any order, without the scopes and with only the fields of the projection. To
     * sort by a field of an array, the database would fetch every pending record before it applied the limit. Only for
     * background work and for figures about the whole installation.
     */
    protected final <S> Uni<List<S>> pending(Bson filter, Class<S> as, Bson projection, int limit) {
        var options = new FindOptions().projection(projection).limit(limit).batchSize(limit);
        return gate.send(Command.LONG_READ, finds, () -> records.find(filter, as, options)
                .collect()
                .asList());
    }

    /**
     * Removes records of any organisation whose field is at most the given value. Only for records that lose their use
     * with time.
     */
    protected final Uni<Void> sweep(String field, Object most) {
        return gate.send(Command.LONG_WRITE, deletes, () -> records.deleteMany(lte(field, most)))
                .replaceWithVoid();
    }

    /** Finds the records with these ids, of any organisation. Only for the status of ancestors and for background work. */
    protected final <S> Uni<List<S>> findAnywhere(Collection<I> ids, Class<S> as, Bson projection) {
        var options = new FindOptions().projection(projection).batchSize(ids.size());
        return gate.send(
                ids.size() <= MOST_BY_KEY ? Command.SHORT_READ : Command.LONG_READ,
                finds,
                () -> records.find(in("_id", ids), as, options).collect().asList());
    }

    /**
     * Finds those of the records with these ids that match, of any organisation, with the scopes that they open. Only for
     * background work.
     */
    protected final Uni<List<Located<R>>> findLocated(Collection<I> ids, Bson filter, Bson projection) {
        var options = new FindOptions().projection(projection).batchSize(ids.size());
        return gate.send(Command.LONG_READ, finds, () -> records.find(and(in("_id", ids), filter), options)
                .map(ScopedRepository::located)
                .collect()
                .asList());
    }

    /**
     * Changes those of the records with these ids that match, of any organisation, and returns how many they are. Only for
     * background work.
     */
    protected final Uni<Long> updateAnywhere(Collection<I> ids, Bson filter, Bson update) {
        return gate.send(Command.LONG_WRITE, updates, () -> records.updateMany(and(in("_id", ids), filter), update))
                .map(UpdateResult::getMatchedCount);
    }

    /** Whether a write failed only because of a unique index. */
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

    /** Sets the field, or removes it for null: an absent value is not stored. */
    protected static Bson setOrUnset(String field, @Nullable Object value) {
        return value == null ? Updates.unset(field) : Updates.set(field, value);
    }

    private static <R extends Scoped> Located<R> located(R record) {
        return new Located<>(record, new OrgScope(record.lineage()));
    }

    private static void requireCovered(OrgScope scope, Scoped record) {
        if (!scope.covers(record)) {
            throw new IllegalStateException("a record outside its writer's scope: " + record.owner());
        }
    }

    /**
     * Marks a filter that finds few records by an index of its own, however many the scope contains: by a unique field,
     * or by the organisation or the parent that they share. The database uses that index and checks the lineage of what
     * it finds. Without the mark it may prefer an index of the lineage, and go through the whole tree.
     */
    protected static Bson selective(Bson filter) {
        return new Selective(filter);
    }

    private record Selective(Bson filter) implements Bson {
        @Override
        public <T> BsonDocument toBsonDocument(Class<T> documents, CodecRegistry codecs) {
            return filter.toBsonDocument(documents, codecs);
        }
    }

    private static Bson within(OrgScope scope, Bson filter) {
        return filter instanceof Selective ? and(filter, scope.check()) : and(scope.filter(), filter);
    }
}
