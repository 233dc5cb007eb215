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
import dev.offshoot.value.OrgId;
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
 * Confirms new records: if an ancestor was deleted while a record was created, its deletion is applied to the record
 * too. The request confirms at once; the queue confirms if the request could not.
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

    /** Applies the ancestors' deletions to a new organisation. True if there are none. */
    Uni<Boolean> confirm(OrgScope scope, Organisation created) {
        var ancestors = created.lineage().subList(1, created.lineage().size());
        return organisations
                .statuses(ancestors)
                .map(statuses -> deletionsOn(ancestors, statuses, created.createdAt()))
                .call(deletions -> cascade.apply(scope, created, deletions))
                .call(() -> complete(scope, created))
                .map(Map::isEmpty);
    }

    /**
     * Applies the deletions of a new key's lineage to it, or removes it if its organisation was never created. True if
     * neither was necessary.
     */
    Uni<Boolean> confirm(OrgScope scope, ApiKey minted) {
        return organisations
                .statuses(minted.lineage())
                .chain(statuses ->
                        statuses.stream().anyMatch(status -> status.id().equals(minted.owner()))
                                ? confirm(scope, minted, statuses)
                                : keys.remove(scope, List.of(minted.id())).replaceWith(false));
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

    private Uni<Boolean> confirm(OrgScope scope, ApiKey minted, List<AncestorStatus> statuses) {
        var deletions = deletionsOn(minted.lineage(), statuses, minted.createdAt());
        return Steps.each(deletions.keySet(), deletion -> keys.applyDeletion(scope, List.of(minted.id()), deletion))
                .chain(() -> Steps.each(minted.tasks(), task -> keys.complete(scope, minted.id(), task)))
                .replaceWith(deletions.isEmpty());
    }

    private Uni<Void> complete(OrgScope scope, Organisation confirmed) {
        return Steps.each(
                confirmed.tasks(TaskType.CONFIRM), task -> organisations.complete(scope, confirmed.id(), task));
    }

    /**
     * Collects the deletions of a lineage. An absent ancestor counts as deleted, because nothing can be live beneath
     * it.
     */
    private static Map<ObjectId, Instant> deletionsOn(
            List<OrgId> lineage, List<AncestorStatus> statuses, Instant otherwise) {
        var deletions = new LinkedHashMap<ObjectId, Instant>();
        lineage.forEach(id -> deletions.put(id.value(), otherwise));
        statuses.forEach(status -> deletions.remove(status.id().value()));
        for (var status : statuses) {
            var at = status.deletedAt() == null ? otherwise : status.deletedAt();
            status.deletions().forEach(deletion -> deletions.putIfAbsent(deletion, at));
        }
        return deletions;
    }
}
