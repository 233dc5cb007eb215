package dev.offshoot.task;

import static com.mongodb.client.model.Filters.all;
import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.size;
import static com.mongodb.client.model.Projections.include;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.max;
import static com.mongodb.client.model.Updates.min;
import static com.mongodb.client.model.Updates.pull;
import static com.mongodb.client.model.Updates.pushEach;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import com.mongodb.client.model.IndexModel;
import dev.offshoot.database.DatabaseGate;
import dev.offshoot.failure.Failure;
import dev.offshoot.scope.Located;
import dev.offshoot.scope.OrgScope;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bson.conversions.Bson;

/**
 * Stores records in which writes leave tasks. A record's {@code task_due_at} is the earliest time of its {@code tasks}.
 * A task, a lease or an attempt changes no revision.
 *
 * @param <R> the stored record
 * @param <I> the type of its id
 */
public abstract class TaskRepository<R extends RecordWithTasks<I>, I> extends DueRepository<R, I> {
    private static final String TASKS = "tasks";
    private static final String CHANGES = "changes";
    private static final int MOST_ROUNDS = 50;

    protected TaskRepository(DatabaseGate gate, ReactivePanacheMongoRepositoryBase<R, I> raw, IndexModel... indexes) {
        super(gate, raw, indexes);
    }

    /** The change that leaves tasks in a record. */
    protected static Bson adding(List<PendingTask> tasks) {
        return combine(pushEach(TASKS, tasks), min(DUE_AT, PendingTask.firstDueAt(tasks)));
    }

    /** The change that leaves what was left in a record since it was read: what a change did, and the task to forget it. */
    protected static Bson leaving(RecordWithTasks<?> read, RecordWithTasks<?> changed) {
        var changes = without(changed.changesLeft(), read.changesLeft());
        return changes.isEmpty()
                ? combine()
                : combine(adding(without(changed.tasks(), read.tasks())), pushEach(CHANGES, changes));
    }

    private static <T> List<T> without(List<T> all, List<?> some) {
        return all.stream().filter(each -> !some.contains(each)).toList();
    }

    /** Forgets what a change left. */
    public final Uni<Void> forgetChange(OrgScope scope, I id, PendingTask answer) {
        return complete(scope, eq("_id", id), answer, pull(CHANGES, eq("id", answer.subject())))
                .replaceWithVoid();
    }

    /** Forgets what changes left, in one command. If other tasks come and go meanwhile, some are left to the queue. */
    final Uni<Void> forgetChanges(List<AnsweredChanges.Answered> answered) {
        return updateEach(answered.stream().flatMap(TaskRepository::forgetting).toList());
    }

    private static Stream<RecordUpdate> forgetting(AnsweredChanges.Answered answered) {
        var noted = and(eq("_id", answered.id()), eq("tasks.subject", answered.change()));
        var last = combine(unset(TASKS), unset(DUE_AT), unset(CHANGES));
        var oneOfMore =
                combine(pull(TASKS, eq("subject", answered.change())), pull(CHANGES, eq("id", answered.change())));
        return Stream.of(
                new RecordUpdate(answered.scope(), and(noted, size(TASKS, 1)), last),
                new RecordUpdate(answered.scope(), and(noted, exists("tasks.1")), oneOfMore));
    }

    /** Completes a task. Does nothing if it is no longer pending. */
    public final Uni<Void> complete(OrgScope scope, I id, PendingTask task) {
        return complete(scope, eq("_id", id), task, combine()).replaceWithVoid();
    }

    /**
     * Completes a task and changes the record in the same update. False if the task is no longer pending, or the record
     * does not match. The last task goes together with the due time, in an update that requires it to be the only one.
     * Others may come and go at the same time, so this is repeated. Fails with {@link Failure.Unavailable} if they always do.
     */
    protected final Uni<Boolean> complete(OrgScope scope, Bson filter, PendingTask task, Bson change) {
        var pending = and(filter, eq("tasks.id", task.id()));
        var last = update(scope, and(pending, size(TASKS, 1)), combine(unset(TASKS), unset(DUE_AT), change));
        var oneOfMore =
                update(scope, and(pending, exists("tasks.1")), combine(pull(TASKS, eq("id", task.id())), change));
        return Steps.untilPresent(
                MOST_ROUNDS, () -> last.chain(done -> done ? Uni.createFrom().item(true) : oneOfMore)
                        .chain(done -> done ? Uni.createFrom().item(Optional.of(true)) : falseUnless(scope, pending)));
    }

    /** Empty while the task is pending: others came and went between the two updates, so that neither matched. */
    private Uni<Optional<Boolean>> falseUnless(OrgScope scope, Bson pending) {
        return find(scope, pending).map(left -> left.isPresent() ? Optional.empty() : Optional.of(false));
    }

    /** Completes the confirmation of those records that have no other task. Sends nothing if there are no ids. */
    public final Uni<Void> confirmAll(Collection<I> ids) {
        var onlyConfirmation = and(size(TASKS, 1), eq("tasks.type", TaskType.CONFIRM));
        return ids.isEmpty()
                ? Uni.createFrom().voidItem()
                : updateAnywhere(ids, onlyConfirmation, combine(unset(TASKS), unset(DUE_AT)))
                        .replaceWithVoid();
    }

    /** Claims a record's tasks until the lease ends. False if another replica did so first, or they are completed. */
    final Uni<Boolean> claim(Located<R> due, Instant leaseEnd) {
        var read = due.record();
        return update(due.scope(), and(eq("_id", read.id()), eq(DUE_AT, read.taskDueAt())), set(DUE_AT, leaseEnd));
    }

    /** The lease of a record whose tasks the caller has begun to run. */
    public final Lease lease(OrgScope scope, I id, Clock clock) {
        return new Lease(clock, end -> update(scope, and(eq("_id", id), exists(DUE_AT)), max(DUE_AT, end))
                .replaceWithVoid());
    }

    /**
     * Counts a failed attempt of each of these tasks. The record waits until the given time, unless it has other tasks:
     * they don't wait for the failed ones.
     */
    final Uni<Void> postpone(Located<R> claimed, List<PendingTask> failed, Instant dueAt) {
        var ids = failed.stream().map(PendingTask::id).toList();
        var record = eq("_id", claimed.record().id());
        var counted = inc("tasks.$[entry].attempts", 1);
        var theirs = in("entry.id", ids);
        return updateEntry(claimed.scope(), hasOnly(claimed, failed), theirs, combine(counted, set(DUE_AT, dueAt)))
                .chain(done -> done
                        ? Uni.createFrom().item(true)
                        : updateEntry(claimed.scope(), and(record, exists("tasks.0")), theirs, counted))
                .replaceWithVoid();
    }

    /** Ends the lease of a record whose other tasks are complete, unless further ones came meanwhile. */
    final Uni<Void> leaveUntilDue(Located<R> claimed, List<PendingTask> tasks) {
        return update(claimed.scope(), hasOnly(claimed, tasks), set(DUE_AT, PendingTask.firstDueAt(tasks)))
                .replaceWithVoid();
    }

    private Bson hasOnly(Located<R> claimed, List<PendingTask> tasks) {
        var ids = tasks.stream().map(PendingTask::id).toList();
        return and(eq("_id", claimed.record().id()), size(TASKS, ids.size()), all("tasks.id", ids));
    }

    /** The pending tasks, unordered, of at most {@code limit} records. For the operator's metrics. */
    final Uni<List<PendingTasks>> pendingTasks(int limit) {
        return pending(lte(DUE_AT, ANY_TIME), PendingTasks.class, include(TASKS), limit);
    }
}
