package dev.offshoot.organisation;

import dev.offshoot.idempotency.Attempt;
import dev.offshoot.plan.Plan;
import dev.offshoot.ratelimit.RateLimit;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.task.PendingTask;
import dev.offshoot.task.RecordWithTasks;
import dev.offshoot.task.TaskType;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.ExternalId;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.panache.common.MongoEntity;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.bson.codecs.pojo.annotations.BsonId;
import org.bson.codecs.pojo.annotations.BsonProperty;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * An organisation as it is stored: a node of the tree.
 *
 * @param tenant the top-level partner above it, or itself
 * @param nameKey the form in which names are searched
 * @param liveExternalKey the parent's id and the external id, present only while it is live, for a sparse unique index
 * @param deletions the deletions that apply to it; it is live while there are none
 * @param restored deletions that were undone; a late cascade of such a deletion skips this organisation. No call undoes
 *     a deletion yet, so it is always empty
 * @param tasks the pending tasks that writes to it left; the stored field is absent when there are none
 * @param taskDueAt when the queue looks at the tasks next
 * @param changes what changes left whose answers may not be kept yet; each has a task beside it. The stored field is absent
 *     or empty when there are none
 * @param rateLimit the rate limit of each of its keys, on each replica
 * @param members how many membership slots are taken; each member is a separate record
 * @param owners the memberships of its owners; only these are owners
 * @param rootKeys for the root only: its unrestricted partner keys, the last one can't be removed
 * @param revision counts the changes; a change that depends on what was read requires the revision that was read
 * @param shown counts the changes of what the APIs show of it, its members apart; absent from records that were stored
 *     before it was counted
 */
@MongoEntity(collection = "organisations")
public record Organisation(
        @BsonId OrgId id,
        OrgId tenant,
        @Nullable OrgId parent,
        List<OrgId> lineage,
        int depth,
        String name,
        @BsonProperty("name_key") String nameKey,
        @BsonProperty("organisation_key") String organisationKey,
        String country,
        Division division,
        boolean partner,
        @BsonProperty("external_id") @Nullable String externalId,
        @BsonProperty("live_external_key") @Nullable String liveExternalKey,
        boolean deleted,
        @BsonProperty("deleted_at") @Nullable Instant deletedAt,
        List<ObjectId> deletions,
        List<ObjectId> restored,
        List<PendingTask> tasks,
        @BsonProperty("task_due_at") @Nullable Instant taskDueAt,
        @Nullable List<ChangedState> changes,
        @Nullable Plan plan,
        @BsonProperty("limits") @Nullable RateLimit rateLimit,
        @Nullable Integer members,
        @Nullable List<ObjectId> owners,
        @BsonProperty("root_keys") @Nullable List<String> rootKeys,
        long revision,
        Long shown,
        @BsonProperty("created_at") Instant createdAt,
        @BsonProperty("updated_at") Instant updatedAt)
        implements RecordWithTasks<OrgId> {

    /** The greatest depth of an organisation. The root's depth is 0. */
    public static final int MAX_DEPTH = 16;

    public Organisation {
        lineage = List.copyOf(lineage);
        deletions = List.copyOf(deletions);
        restored = List.copyOf(restored);
        tasks = tasks == null ? List.of() : List.copyOf(tasks);
        changes = changes == null || changes.isEmpty() ? null : List.copyOf(changes);
        members = members == null ? 0 : members;
        owners = owners == null ? List.of() : List.copyOf(owners);
        rootKeys = rootKeys == null ? List.of() : List.copyOf(rootKeys);
        shown = shown == null ? 0L : shown;
    }

    /**
     * Makes the new live organisation that each try mints. Its confirmation is pending, which checks whether its whole
     * lineage is live.
     */
    public static Organisation create(OrgScope parent, NewOrganisation wanted, Attempt attempt, Instant now) {
        var lineage = parent.lineageOfChild(new OrgId(attempt.id()));
        return create(parent.root(), lineage, wanted, attempt, List.of(PendingTask.confirm(now)), now);
    }

    /** Makes the root partner. It has no ancestors, so nothing is pending. */
    public static Organisation root(NewOrganisation wanted, Instant now) {
        return create(null, List.of(OrgId.ROOT), wanted, Attempt.once(), List.of(), now);
    }

    private static Organisation create(
            @Nullable OrgId parent,
            List<OrgId> lineage,
            NewOrganisation wanted,
            Attempt attempt,
            List<PendingTask> tasks,
            Instant now) {
        var externalId = wanted.externalId();
        return new Organisation(
                lineage.get(0),
                OrgScope.tenantOf(lineage),
                parent,
                lineage,
                lineage.size() - 1,
                wanted.name().text(),
                wanted.name().searchKey(),
                UrlKey.mint(wanted.name(), attempt, "organisation key").text(),
                wanted.country().code(),
                new Division(
                        UrlKey.mint(wanted.divisionName(), attempt, "division key")
                                .text(),
                        wanted.divisionName().text(),
                        wanted.timeZone().id()),
                wanted.partner(),
                externalId == null ? null : externalId.text(),
                externalId == null || parent == null ? null : liveExternalKey(parent, externalId),
                false,
                null,
                List.of(),
                List.of(),
                tasks,
                PendingTask.firstDueAt(tasks),
                null,
                null,
                null,
                0,
                List.of(),
                List.of(),
                1,
                1L,
                now,
                now);
    }

    /** Returns the organisation with a change applied. A change that may be repeated leaves what it did. */
    Organisation changed(OrganisationChange change, Attempt attempt, Instant now) {
        var newName = change.name().orElse(new DisplayName(name));
        var newExternalId = change.externalId().orElse(externalId == null ? null : new ExternalId(externalId));
        var newLiveKey = newExternalId == null || parent == null ? null : liveExternalKey(parent, newExternalId);
        var changed = next(
                Objects.requireNonNull(newName),
                newExternalId == null ? null : newExternalId.text(),
                newLiveKey,
                deletions,
                deletedAt,
                tasks,
                change.plan().orElse(plan),
                change.rateLimit().orElse(rateLimit),
                now);
        return attempt.isRepeatable() ? changed.leaving(attempt.id(), now) : changed;
    }

    private Organisation leaving(ObjectId change, Instant now) {
        var left = new ChangedState(change, name, externalId, shown, updatedAt);
        return with(
                name,
                externalId,
                Stream.concat(tasks.stream(), Stream.of(PendingTask.answer(now, change)))
                        .toList(),
                Stream.concat(changesLeft().stream(), Stream.of(left)).toList(),
                shown,
                updatedAt);
    }

    /** Returns the organisation as that change left it, if the change was made and its answer may not be kept yet. */
    Optional<Organisation> leftBy(ObjectId change) {
        return changesLeft().stream()
                .filter(left -> left.id().equals(change))
                .findFirst()
                .map(left ->
                        with(left.name(), left.externalId(), tasks, changesLeft(), left.shown(), left.updatedAt()));
    }

    @Override
    public List<ChangedState> changesLeft() {
        return changes == null ? List.of() : changes;
    }

    /** Returns the organisation as deleted, with the cascade pending. */
    public Organisation deletedBy(ObjectId deletion, Instant now) {
        var cascade = List.of(PendingTask.cascade(now, deletion));
        return next(new DisplayName(name), externalId, null, List.of(deletion), now, cascade, plan, rateLimit, now);
    }

    /**
     * Names the state that the APIs show, its members apart. The tag is another one after every change of that state, and
     * no other organisation has the same tag, also not one that gets this one's external id.
     */
    public String stateTag() {
        return id + "-" + shown;
    }

    /** Whether the member with this membership is an owner. */
    public boolean isOwnedBy(ObjectId membership) {
        return owners != null && owners.contains(membership);
    }

    /** Whether the root's list of unrestricted partner keys holds that key. */
    public boolean notesRootKey(String key) {
        return rootKeys != null && rootKeys.contains(key);
    }

    /** How many members the organisation has, including those that are being added. */
    public int memberCount() {
        return members == null ? 0 : members;
    }

    public int ownerCount() {
        return owners == null ? 0 : owners.size();
    }

    /** Whether a task of this type is pending for the subject. */
    public boolean hasTask(TaskType type, ObjectId subject) {
        return tasks(type).stream().anyMatch(task -> subject.equals(task.subject()));
    }

    /** Whether the other organisation is equal in everything that can be changed. */
    boolean sameContent(Organisation other) {
        return shown.equals(other.shown) && Objects.equals(rateLimit, other.rateLimit);
    }

    private Organisation next(
            DisplayName newName,
            @Nullable String newExternalId,
            @Nullable String newLiveKey,
            List<ObjectId> newDeletions,
            @Nullable Instant newDeletedAt,
            List<PendingTask> newTasks,
            @Nullable Plan newPlan,
            @Nullable RateLimit newRateLimit,
            Instant now) {
        var isShown = !(name.equals(newName.text())
                && Objects.equals(externalId, newExternalId)
                && Objects.equals(plan, newPlan)
                && deletions.equals(newDeletions));
        return new Organisation(
                id,
                tenant,
                parent,
                lineage,
                depth,
                newName.text(),
                newName.searchKey(),
                organisationKey,
                country,
                division,
                partner,
                newExternalId,
                newLiveKey,
                !newDeletions.isEmpty(),
                newDeletedAt,
                newDeletions,
                restored,
                newTasks,
                PendingTask.firstDueAt(newTasks),
                changes,
                newPlan,
                newRateLimit,
                members,
                owners,
                rootKeys,
                revision + 1,
                isShown ? shown + 1 : shown,
                createdAt,
                isShown ? now : updatedAt);
    }

    private Organisation with(
            String newName,
            @Nullable String newExternalId,
            List<PendingTask> newTasks,
            List<ChangedState> newChanges,
            Long newShown,
            Instant newUpdatedAt) {
        return new Organisation(
                id,
                tenant,
                parent,
                lineage,
                depth,
                newName,
                new DisplayName(newName).searchKey(),
                organisationKey,
                country,
                division,
                partner,
                newExternalId,
                liveExternalKey,
                deleted,
                deletedAt,
                deletions,
                restored,
                newTasks,
                PendingTask.firstDueAt(newTasks),
                newChanges,
                plan,
                rateLimit,
                members,
                owners,
                rootKeys,
                revision,
                newShown,
                createdAt,
                newUpdatedAt);
    }

    /** The value of {@code live_external_key} of the live child that has that external id. */
    public static String liveExternalKey(OrgId parent, ExternalId externalId) {
        return parent + "/" + externalId.text();
    }
}
