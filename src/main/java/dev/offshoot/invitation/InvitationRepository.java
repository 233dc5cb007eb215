package dev.offshoot.invitation;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;

import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import dev.offshoot.database.DatabaseGate;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.task.BatchResult;
import dev.offshoot.task.TaskHandler;
import dev.offshoot.task.TaskRepository;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/**
 * The invitations' collection. It sweeps expired ones through the task queue; until then they are not there any more for any
 * query that takes the time.
 */
@Singleton
public class InvitationRepository extends TaskRepository<Invitation, String> implements TaskHandler {

    /** A thousand slots take as much memory as that many records of a list. */
    private static final int WEIGHT_OF_SLOTS = 40;

    private static final class Raw implements ReactivePanacheMongoRepositoryBase<Invitation, String> {}

    InvitationRepository(DatabaseGate gate) {
        super(
                gate,
                new Raw(),
                index("organisation", "invitation", "expires_at"),
                uniqueIndex("slot"),
                index("expires_at"));
    }

    Uni<Optional<Invitation>> find(OrgScope scope, OrgId organisation, ObjectId invitation, Instant now) {
        return find(scope, and(eq("invitation", invitation), open(organisation, now)));
    }

    Uni<Optional<Invitation>> find(OrgScope scope, OrgId organisation, String usernameKey, Instant now) {
        return find(scope, and(hasKey(organisation, usernameKey), open(organisation, now)));
    }

    /** The one of that stored id, expired or not. */
    Uni<Optional<Invitation>> findEvenExpired(OrgScope scope, String id) {
        return find(scope, eq("_id", id));
    }

    /** The organisation's, in order of their ids: all, or that person's. */
    Uni<List<Invitation>> list(OrgScope scope, OrgId organisation, Optional<String> usernameKey, Instant now) {
        var wanted = usernameKey.map(key -> hasKey(organisation, key)).orElse(Filters.empty());
        return list(scope, and(open(organisation, now), wanted), ascending("invitation"), 0, Invitation.MAX_OPEN);
    }

    /** What takes the organisation's slots, as one row: slots are short, and many callers may look at once. */
    Uni<TakenSlots> takenSlots(OrgScope scope, OrgId organisation) {
        var all = List.<Bson>of(Aggregates.group(
                null, Accumulators.push("slots", "$slot"), Accumulators.min("first_expiry", "$expires_at")));
        return addUp(scope, eq("organisation", organisation), all, 1, WEIGHT_OF_SLOTS)
                .map(rows -> rows.stream().findFirst().map(TakenSlots::of).orElse(TakenSlots.NONE));
    }

    /** Fails with a duplicate where the person is invited already, or the slot is taken. */
    Uni<Void> insert(OrgScope scope, Invitation invitation) {
        return insert(scope, invitation, invitation.id());
    }

    /** Puts a new invitation of the same person in the place of an expired one; false where that was not there any more. */
    Uni<Boolean> replaceExpired(OrgScope scope, Invitation expired, Invitation by) {
        return update(
                scope,
                same(expired),
                combine(
                        set("invitation", by.invitation()),
                        set("username", by.username()),
                        set("roles", by.roles()),
                        set("by", by.by()),
                        set("by_depth", by.byDepth()),
                        set("created_at", by.createdAt()),
                        set("expires_at", by.expiresAt()),
                        set("tasks", by.tasks()),
                        set("task_due_at", by.taskDueAt())));
    }

    /** False where it is not open any more. */
    Uni<Boolean> setRoles(OrgScope scope, Invitation invitation, Instant now) {
        return update(
                scope, and(same(invitation), open(invitation.organisation(), now)), set("roles", invitation.roles()));
    }

    /** False where none of that id is open. */
    Uni<Boolean> remove(OrgScope scope, OrgId organisation, ObjectId invitation, Instant now) {
        return removeAndCount(scope, and(eq("invitation", invitation), open(organisation, now)))
                .map(removed -> removed > 0);
    }

    /** Removes this very invitation. */
    public Uni<Void> remove(OrgScope scope, Invitation invitation) {
        return remove(scope, same(invitation));
    }

    /** Removes that person's invitation, if there is one. */
    Uni<Void> remove(OrgScope scope, OrgId organisation, String usernameKey) {
        return remove(scope, hasKey(organisation, usernameKey));
    }

    /** Removes the organisation's expired ones. */
    Uni<Void> removeExpired(OrgScope scope, OrgId organisation, Instant now) {
        return remove(scope, and(eq("organisation", organisation), lte("expires_at", now)));
    }

    @Override
    public String name() {
        return "sweep-invitations";
    }

    @Override
    public Uni<BatchResult> runDue(Clock clock) {
        return sweep("expires_at", clock.instant()).replaceWith(BatchResult.NOTHING);
    }

    private static Bson open(OrgId organisation, Instant now) {
        return and(eq("organisation", organisation), gt("expires_at", now));
    }

    private static Bson hasKey(OrgId organisation, String usernameKey) {
        return eq("_id", Invitation.idOf(organisation, usernameKey));
    }

    private static Bson same(Invitation read) {
        return and(eq("_id", read.id()), eq("invitation", read.invitation()));
    }
}
