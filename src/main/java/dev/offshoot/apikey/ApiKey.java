package dev.offshoot.apikey;

import dev.offshoot.digest.Sealed;
import dev.offshoot.idempotency.Attempt;
import dev.offshoot.task.PendingTask;
import dev.offshoot.task.RecordWithTasks;
import dev.offshoot.value.AddressRange;
import dev.offshoot.value.KeyId;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.panache.common.MongoEntity;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.bson.codecs.pojo.annotations.BsonId;
import org.bson.codecs.pojo.annotations.BsonProperty;
import org.bson.types.Binary;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * A key as it is stored: never the key itself.
 *
 * @param digest the key's SHA-256
 * @param hint the last four characters of the key's random part
 * @param sealedHa1 what HTTP Digest checks; absent in records from before it
 * @param expiresAt what its holders set, and may change
 * @param endsAt when a rotation ends it, for good
 * @param accessList where the key may be used from; empty for everywhere
 * @param revocation the id of the call that revoked it, by which that call is known when it is repeated; absent if a
 *     rotation gave it up
 * @param predecessor the key that it replaces after a rotation
 * @param successor the key that replaces it
 * @param lastUsedAt at most a minute old, as is from where
 * @param deletions the deletions of its organisation or an ancestor that apply to it; it is good while there is none
 * @param restored deletions that were undone; a late cascade of theirs skips it. No call undoes one yet: always empty
 * @param tasks the pending tasks; the stored field is absent when there are none
 * @param taskDueAt when the queue looks at the tasks next
 * @param changes what changes left whose answers may not be kept yet; each has a task beside it. The stored field is absent
 *     when there are none
 */
@MongoEntity(collection = "api_keys")
public record ApiKey(
        @BsonId KeyId id,
        OrgId tenant,
        OrgId organisation,
        List<OrgId> lineage,
        String name,
        List<Role> roles,
        Binary digest,
        String hint,
        @BsonProperty("sealed_ha1") @Nullable Sealed sealedHa1,
        @BsonProperty("expires_at") @Nullable Instant expiresAt,
        @BsonProperty("ends_at") @Nullable Instant endsAt,
        @BsonProperty("access_list") @Nullable List<AccessEntry> accessList,
        @BsonProperty("created_at") Instant createdAt,
        @BsonProperty("revoked_at") @Nullable Instant revokedAt,
        @Nullable ObjectId revocation,
        @Nullable KeyId predecessor,
        @Nullable KeyId successor,
        @BsonProperty("last_used_at") @Nullable Instant lastUsedAt,
        @BsonProperty("last_used_from") @Nullable String lastUsedFrom,
        List<ObjectId> deletions,
        List<ObjectId> restored,
        List<PendingTask> tasks,
        @BsonProperty("task_due_at") @Nullable Instant taskDueAt,
        @Nullable List<ChangedKey> changes)
        implements RecordWithTasks<KeyId> {

    /** Rotations once noted the end as the expiry alone. */
    public ApiKey {
        endsAt = endsAt == null && successor != null ? expiresAt : endsAt;
        lineage = List.copyOf(lineage);
        roles = List.copyOf(roles);
        accessList = accessList == null ? List.of() : List.copyOf(accessList);
        deletions = List.copyOf(deletions);
        restored = List.copyOf(restored);
        tasks = tasks == null ? List.of() : List.copyOf(tasks);
        changes = changes == null || changes.isEmpty() ? null : List.copyOf(changes);
    }

    /** The entries of the access list, of which there may be none. */
    public List<AccessEntry> accessEntries() {
        return accessList == null ? List.of() : accessList;
    }

    /** When it ends, if it ever does: at its expiry, or at the end that a rotation set if that is earlier. */
    public Optional<Instant> end() {
        if (expiresAt == null || endsAt == null) {
            return Optional.ofNullable(expiresAt == null ? endsAt : expiresAt);
        }
        return Optional.of(expiresAt.isBefore(endsAt) ? expiresAt : endsAt);
    }

    /** Whether the key is itself good at that time; its lineage has to be live as well. */
    public boolean isGood(Instant now) {
        return flaw(now).isEmpty();
    }

    /** Why the key itself is not good at that time, if it is not. */
    Optional<KeyCheck.Reason> flaw(Instant now) {
        if (revokedAt != null) {
            return Optional.of(KeyCheck.Reason.REVOKED);
        }
        if (end().filter(end -> !now.isBefore(end)).isPresent()) {
            return Optional.of(KeyCheck.Reason.EXPIRED);
        }
        return deletions.isEmpty() ? Optional.empty() : Optional.of(KeyCheck.Reason.ORGANISATION_DELETED);
    }

    /** Whether it is a live partner key of the root without expiry and access list. The root keeps at least one. */
    public boolean isUnrestrictedRootKey() {
        return organisation.equals(OrgId.ROOT)
                && roles.contains(Role.PARTNER)
                && end().isEmpty()
                && accessEntries().isEmpty()
                && revokedAt == null;
    }

    /** Whether its list, if it has one, holds the address, which no list does that is not known. */
    boolean isOpenTo(Optional<InetAddress> address) {
        return accessEntries().isEmpty()
                || accessEntries().stream()
                        .map(AccessEntry::addresses)
                        .anyMatch(range -> address.filter(range::contains).isPresent());
    }

    /** What its successor is to be. */
    public NewKey toSuccessor() {
        return new NewKey(
                name,
                roles,
                expiresAt,
                accessEntries().stream().map(AccessEntry::addresses).toList());
    }

    /** The same after a change. A change that may be repeated leaves what it did. */
    ApiKey changed(KeyUpdate update, Attempt attempt, Instant now) {
        var changed = with(
                Objects.requireNonNull(update.name().orElse(name)),
                Objects.requireNonNull(update.roles().orElse(roles)),
                update.expiresAt().orElse(expiresAt),
                endsAt,
                update.allowedFrom().given() ? entries(update.allowedFrom().value(), now) : accessEntries(),
                successor);
        return attempt.isRepeatable() ? changed.leaving(changed.asChanged(attempt.id()), now) : changed;
    }

    private ChangedKey asChanged(ObjectId change) {
        var ranges = accessEntries().stream().map(AccessEntry::range).toList();
        return new ChangedKey(change, name, roles, expiresAt, endsAt, ranges);
    }

    private ApiKey leaving(ChangedKey left, Instant now) {
        return with(
                revokedAt,
                Stream.concat(tasks.stream(), Stream.of(PendingTask.answer(now, left.id())))
                        .toList(),
                Stream.concat(changesLeft().stream(), Stream.of(left)).toList());
    }

    /** Returns the key as that change left it, if the change was made and its answer may not be kept yet. */
    public Optional<ApiKey> leftBy(ObjectId change) {
        return changesLeft().stream()
                .filter(left -> left.id().equals(change))
                .findFirst()
                .map(left -> with(
                                left.name(),
                                left.roles(),
                                left.expiresAt(),
                                left.endsAt(),
                                entries(
                                        left.ranges().stream()
                                                .map(range -> AddressRange.parse(range)
                                                        .orElseThrow())
                                                .toList(),
                                        createdAt),
                                successor)
                        .with(null, tasks, changesLeft()));
    }

    @Override
    public List<ChangedKey> changesLeft() {
        return changes == null ? List.of() : changes;
    }

    /**
     * The same once it was rotated: it has a successor, and ends then at the latest, whatever becomes of its expiry. A
     * rotation that may be repeated leaves what the successor was minted as: both may be changed before that.
     */
    public ApiKey followedBy(ApiKey newSuccessor, Instant end, Attempt attempt, Instant now) {
        var earlier = end().filter(before -> before.isBefore(end)).orElse(end);
        var followed = with(name, roles, expiresAt, earlier, accessEntries(), newSuccessor.id());
        return attempt.isRepeatable() ? followed.leaving(newSuccessor.asChanged(attempt.id()), now) : followed;
    }

    private List<AccessEntry> entries(@Nullable List<AddressRange> wanted, Instant now) {
        var ranges = wanted == null ? List.<AddressRange>of() : wanted;
        return ranges.stream().map(range -> entry(range, now)).toList();
    }

    private AccessEntry entry(AddressRange wanted, Instant now) {
        var cidr = wanted.cidr();
        return accessEntries().stream()
                .filter(entry -> entry.range().equals(cidr))
                .findFirst()
                .orElseGet(() -> AccessEntry.of(wanted, now));
    }

    private ApiKey with(
            String newName,
            List<Role> newRoles,
            @Nullable Instant newExpiresAt,
            @Nullable Instant newEndsAt,
            List<AccessEntry> newAccessList,
            @Nullable KeyId newSuccessor) {
        return new ApiKey(
                id,
                tenant,
                organisation,
                lineage,
                newName,
                newRoles,
                digest,
                hint,
                sealedHa1,
                newExpiresAt,
                newEndsAt,
                newAccessList,
                createdAt,
                revokedAt,
                revocation,
                predecessor,
                newSuccessor,
                lastUsedAt,
                lastUsedFrom,
                deletions,
                restored,
                tasks,
                taskDueAt,
                changes);
    }

    private ApiKey with(@Nullable Instant newRevokedAt, List<PendingTask> newTasks, List<ChangedKey> newChanges) {
        return new ApiKey(
                id,
                tenant,
                organisation,
                lineage,
                name,
                roles,
                digest,
                hint,
                sealedHa1,
                expiresAt,
                endsAt,
                accessList,
                createdAt,
                newRevokedAt,
                revocation,
                predecessor,
                successor,
                lastUsedAt,
                lastUsedFrom,
                deletions,
                restored,
                newTasks,
                PendingTask.firstDueAt(newTasks),
                newChanges);
    }

    @Override
    public String logName() {
        return "key=" + id;
    }

    @Override
    public String toString() {
        return "ApiKey[" + id + "]";
    }
}
