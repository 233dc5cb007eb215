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
 * Confirms new records: what was deleted above them while they were created is deleted for them too. The request does it
 * at once, the queue where the request could not.
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

    /** Applies its ancestors' deletions to a new organisation; true when there is none. */
    Uni<Boolean> confirm(OrgScope scope, Organisation created) {
        var ancestors = created.lineage().subList(1, created.lineage().size());
        return organisations
                .statuses(ancestors)
                .map(statuses -> deletionsOn(ancestors, statuses, created.createdAt()))
                .call(deletions -> cascade.apply(scope.narrow(created), deletions))
                .call(() -> complete(scope, created))
                .map(Map::isEmpty);
    }

    /**
     * Applies its lineage's deletions to a new key, or removes it where its organisation was never made; true when it is
     * neither.
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
     * Revokes a key that was minted as a successor and did not become one, since its answer can't have been sent. For the
     * queue: while the request is at work, it may still become one.
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

    /** Notes the predecessor as the root's unrestricted key again. Where it is none, the stray key may be the last one, and stays. */
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

    /** An ancestor that is absent counts as deleted: nothing can be live beneath it. */
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
