package dev.offshoot.task;

import com.mongodb.client.model.IndexModel;
import dev.offshoot.database.DatabaseGate;
import dev.offshoot.scope.Located;
import dev.offshoot.scope.Scoped;
import dev.offshoot.scope.ScopedRepository;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Stores records that the queue finds by {@code task_due_at}, the time when it may run their tasks. It is a single
 * value, because an index can't sort by a field of an array.
 *
 * @param <R> the stored record
 * @param <I> the type of its id
 */
public abstract class DueRepository<R extends Scoped, I> extends ScopedRepository<R, I> {
    /** Present while a task of the record is pending. */
    protected static final String DUE_AT = "task_due_at";

    /** How often the queue tried a task of the record and failed. Absent until then. */
    static final String ATTEMPTS = "task_attempts";

    /** Later than every due time. */
    protected static final Instant ANY_TIME = Instant.parse("9999-12-31T23:59:59Z");

    DueRepository(DatabaseGate gate, ReactivePanacheMongoRepositoryBase<R, I> raw, IndexModel... indexes) {
        super(
                gate,
                raw,
                Stream.concat(Stream.of(indexes), Stream.of(sparseIndex(DUE_AT)))
                        .toArray(IndexModel[]::new));
    }

    /** The records whose tasks are due, in the order in which they are. Only for the queue. */
    final Uni<List<Located<R>>> dueTasks(Instant now, int limit) {
        return due(DUE_AT, now, limit);
    }
}
