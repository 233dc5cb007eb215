package dev.offshoot.task;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Projections.include;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.min;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import com.mongodb.client.model.IndexModel;
import dev.offshoot.database.DatabaseGate;
import dev.offshoot.scope.Located;
import dev.offshoot.scope.Scoped;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.bson.codecs.pojo.annotations.BsonId;
import org.bson.codecs.pojo.annotations.BsonProperty;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * Stores records that have at most one pending task each, of one kind, which the queue runs for many of them at once.
 *
 * @param <R> the stored record
 */
public abstract class BatchTaskRepository<R extends Scoped> extends DueRepository<R, String> {
    /** Since when the task has been pending. Present together with the due time. */
    protected static final String PENDING_SINCE = "pending_since";

    protected BatchTaskRepository(
            DatabaseGate gate, ReactivePanacheMongoRepositoryBase<R, String> raw, IndexModel... indexes) {
        super(gate, raw, indexes);
    }

    /**
     * The pending task of a record, without its other fields.
     *
     * @param attempts how often the queue tried it and failed; absent until then
     */
    @RegisterForReflection
    public record DueTask(
            @BsonId String id,
            ObjectId organisation,
            @BsonProperty("pending_since") Instant since,
            @BsonProperty("task_attempts") @Nullable Integer attempts) {}

    /** The change that leaves a task, or keeps an older one that is due earlier. */
    protected static Bson leave(Instant since, Instant dueAt) {
        return combine(min(PENDING_SINCE, since), min(DUE_AT, dueAt));
    }

    /** The change that completes a record's task. */
    protected static Bson completed() {
        return combine(unset(DUE_AT), unset(PENDING_SINCE), unset(ATTEMPTS));
    }

    /** The claimed records that nobody has claimed or changed since. */
    protected final Uni<List<Located<R>>> claimed(Collection<String> ids, Instant lease, Bson projection) {
        return findLocated(ids, eq(DUE_AT, lease), projection);
    }

    /** The pending tasks of records that match, of any organisation, in any order. */
    protected final Uni<List<DueTask>> pendingTasks(Bson filter, int limit) {
        return pending(filter, DueTask.class, include("organisation", PENDING_SINCE, ATTEMPTS), limit);
    }

    final Uni<List<DueTask>> dueBatch(Instant now, int limit) {
        return pendingTasks(lte(DUE_AT, now), limit);
    }

    /** Moves the due time of the records that are still due to the end of the lease, and returns how many they are. */
    final Uni<Long> claim(Collection<String> ids, Instant now, Instant lease) {
        return updateAnywhere(ids, lte(DUE_AT, now), set(DUE_AT, lease));
    }

    /** Counts a failed attempt. */
    final Uni<Void> postpone(String id, Instant lease, Instant dueAt) {
        return updateAnywhere(List.of(id), eq(DUE_AT, lease), combine(inc(ATTEMPTS, 1), set(DUE_AT, dueAt)))
                .replaceWithVoid();
    }
}
