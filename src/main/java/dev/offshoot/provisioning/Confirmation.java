package dev.offshoot.provisioning;

import dev.offshoot.apikey.ApiKey;
import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.apikey.Role;
import dev.offshoot.apikey.RootKeys;
import dev.offshoot.organisation.AncestorStatus;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.task.Steps;
import dev.offshoot.task.TaskType;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bson.types.ObjectId;

/**
 * Confirms new records one by one: if an ancestor was deleted while a record was created, its deletion is applied to
 * the record too. {@link BatchConfirmation} does so for what its replica created; the queue does so for the rest.
 */
@Singleton
class Confirmation {
    private final OrganisationRepository organisations;
    private final KeyRepository keys;
    private final RootKeys rootKeys;
    private final Cascade cascade;

    Confirmation(OrganisationRepository organisations, KeyRepository keys, RootKeys rootKeys, Cascade cascade) {
        this.organisations = organisations;
        this.keys = keys;
        this.rootKeys = rootKeys;
        this.cascade = cascade;
    }

    /**
     * Applies the ancestors' deletions to a new organisation, or removes it with everything beneath it if an ancestor
     * does not exist.
     */
    Uni<Void> confirm(OrgScope scope, Organisation created) {
        var ancestors = created.lineage().subList(1, created.lineage().size());
        return organisations
                .statuses(ancestors)
                .chain(statuses -> statuses.size() == ancestors.size()
                        ? confirm(scope, created, statuses)
                        : remove(scope.narrow(created)));
    }

    /**
     * Applies the deletions of a new key's lineage to it, or removes it if its organisation or an ancestor does not
     * exist.
     */
    Uni<Void> confirm(OrgScope scope, ApiKey minted) {
        return organisations
                .statuses(minted.lineage())
                .chain(statuses -> statuses.size() == minted.lineage().size()
                        ? confirm(scope, minted, statuses)
                        : keys.removeUnconfirmed(scope, List.of(minted)));
    }

    /**
     * Revokes a key that was minted as a successor and did not become one; nobody can have received it. Only for the
     * queue: while the request is running, the key may still become the successor.
     */
    Uni<Void> revokeIfStray(OrgScope scope, ApiKey minted, Instant now) {
        var predecessor = minted.predecessor();
        if (predecessor == null) {
            return Uni.createFrom().voidItem();
        }
        return keys.findEvenRevoked(scope, minted.organisation(), predecessor, Set.of(Role.values()))
                .chain(found -> found.filter(before -> minted.id().equals(before.successor()))
                                .isPresent()
                        ? Uni.createFrom().voidItem()
                        : stepBack(scope, minted, found)
                                .chain(free -> free
                                        ? keys.revokeStray(scope, minted, now)
                                        : Uni.createFrom().voidItem()));
    }

    /**
     * Notes the predecessor as the root's unrestricted key in place of the stray key. If the predecessor is not
     * unrestricted, the stray key may be the last such key and stays. True if the stray key may be revoked.
     */
    private Uni<Boolean> stepBack(OrgScope scope, ApiKey stray, Optional<ApiKey> predecessor) {
        if (!stray.isUnrestrictedRootKey()) {
            return Uni.createFrom().item(true);
        }
        return predecessor
                .filter(ApiKey::isUnrestrictedRootKey)
                .map(open -> rootKeys.replace(scope, stray, open).replaceWith(true))
                .orElseGet(() -> Uni.createFrom().item(false));
    }

    private Uni<Void> confirm(OrgScope scope, Organisation created, List<AncestorStatus> statuses) {
        return cascade.apply(scope, created, deletionsOn(statuses, created.createdAt()))
                .chain(() -> Steps.each(
                        created.tasks(TaskType.CONFIRM), task -> organisations.complete(scope, created.id(), task)));
    }

    private Uni<Void> confirm(OrgScope scope, ApiKey minted, List<AncestorStatus> statuses) {
        var deletions = deletionsOn(statuses, minted.createdAt()).keySet();
        return Steps.each(deletions, deletion -> keys.applyDeletion(scope, List.of(minted.id()), deletion))
                .chain(() ->
                        Steps.each(minted.tasks(TaskType.CONFIRM), task -> keys.complete(scope, minted.id(), task)));
    }

    /** Keys first: what is left after a crash still has its task. */
    private Uni<Void> remove(OrgScope created) {
        return keys.removeAll(created).chain(() -> organisations.removeAll(created));
    }

    /** Collects the deletions of a lineage, with their times. */
    private static Map<ObjectId, Instant> deletionsOn(List<AncestorStatus> statuses, Instant otherwise) {
        var deletions = new LinkedHashMap<ObjectId, Instant>();
        for (var status : statuses) {
            var at = status.deletedAt() == null ? otherwise : status.deletedAt();
            status.deletions().forEach(deletion -> deletions.putIfAbsent(deletion, at));
        }
        return deletions;
    }
}
