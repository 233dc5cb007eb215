package dev.offshoot.task;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import com.mongodb.client.model.IndexModel;
import dev.offshoot.database.DatabaseGate;
import dev.offshoot.scope.Located;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import org.bson.conversions.Bson;

/**
 * Stores records that share tasks. Each record has the due time of its task, so that no record can lose it, and all of
 * a task are claimed and postponed in one command.
 *
 * @param <R> the stored record
 * @param <I> the type of its id
 */
public abstract class SharedTaskRepository<R extends RecordWithSharedTask, I> extends DueRepository<R, I> {
    protected SharedTaskRepository(
            DatabaseGate gate, ReactivePanacheMongoRepositoryBase<R, I> raw, IndexModel... indexes) {
        super(gate, raw, indexes);
    }

    /** The records that share the task of this one. */
    protected abstract Bson sharing(R record);

    /** The change that completes a record's task. */
    protected static Bson completed() {
        return combine(unset(DUE_AT), unset(ATTEMPTS));
    }

    /** Claims what is due of a task until the lease ends. False if nothing of it is due any more. */
    final Uni<Boolean> claim(Located<R> due, Instant now) {
        return updateAndCount(
                        due.scope(),
                        and(sharing(due.record()), lte(DUE_AT, now)),
                        set(DUE_AT, now.plus(PendingTask.LEASE)))
                .map(claimed -> claimed > 0);
    }

    /** Counts a failed attempt. What waits for longer than a lease was not claimed and goes on to wait. */
    final Uni<Void> postpone(Located<R> claimed, Instant now, Instant dueAt) {
        return updateAll(
                claimed.scope(),
                and(sharing(claimed.record()), lte(DUE_AT, now.plus(PendingTask.LEASE))),
                combine(inc(ATTEMPTS, 1), set(DUE_AT, dueAt)));
    }
}
