package dev.offshoot.provisioning;

import dev.offshoot.apikey.ApiKey;
import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.apikey.Role;
import dev.offshoot.apikey.RootKeys;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.owed.Debtor;
import dev.offshoot.owed.Owed;
import dev.offshoot.scope.OrgId;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Standing;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.bson.types.ObjectId;

/** The steps that creations and deletions owe, taken by the request at once and by the queue where it could not. */
@Singleton
class Settlement {
    private final OrganisationRepository organisations;
    private final KeyRepository keys;
    private final RootKeys rootKeys;
    private final Cascade cascade;

    Settlement(OrganisationRepository organisations, KeyRepository keys, RootKeys rootKeys, Cascade cascade) {
        this.organisations = organisations;
        this.keys = keys;
        this.rootKeys = rootKeys;
        this.cascade = cascade;
    }

    /** Lays on a new organisation the deletions that lie on its ancestors; true when there is none. */
    Uni<Boolean> settle(OrgScope scope, Organisation created) {
        var ancestors = created.lineage().subList(1, created.lineage().size());
        return organisations
                .standings(ancestors)
                .map(standings -> deletionsOn(ancestors, standings, created.createdAt()))
                .call(deletions -> inherit(scope.narrow(created), deletions))
                .call(() -> pay(scope, created, Owed.Kind.SETTLE))
                .map(Map::isEmpty);
    }

    /**
     * Lays on a new key the deletions that lie on its lineage, or removes it where its organisation was never made;
     * true when it is neither.
     */
    Uni<Boolean> settle(OrgScope scope, ApiKey minted) {
        return organisations
                .standings(minted.lineage())
                .chain(standings ->
                        standings.stream().anyMatch(standing -> standing.id().equals(minted.owner()))
                                ? settle(scope, minted, standings)
                                : keys.remove(scope, List.of(minted.id())).replaceWith(false));
    }

    /** Takes along what lies beneath a deleted organisation, for every deletion that still owes it. */
    Uni<Void> cascade(OrgScope scope, Organisation deleted) {
        var at = Objects.requireNonNull(deleted.deletedAt());
        var deletions = new LinkedHashMap<ObjectId, Instant>();
        deleted.owed(Owed.Kind.CASCADE).forEach(owed -> deletions.put(Objects.requireNonNull(owed.subject()), at));
        return inherit(scope.narrow(deleted), deletions).chain(() -> pay(scope, deleted, Owed.Kind.CASCADE));
    }

    /**
     * Revokes a key that was minted to take another's place and did not, since its answer can't have been sent. For the
     * queue: while the request is at work, that may be still to come.
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

    /** The predecessor keeps the root open again. Where it can't, the stray key may be the last that does, and stays. */
    private Uni<Boolean> stepBack(OrgScope scope, ApiKey stray, Optional<ApiKey> predecessor) {
        if (!stray.keepsRootOpen()) {
            return Uni.createFrom().item(true);
        }
        return predecessor
                .filter(ApiKey::keepsRootOpen)
                .map(open -> rootKeys.replace(scope, stray, open).replaceWith(true))
                .orElseGet(() -> Uni.createFrom().item(false));
    }

    private Uni<Boolean> settle(OrgScope scope, ApiKey minted, List<Standing> standings) {
        var deletions = deletionsOn(minted.lineage(), standings, minted.createdAt());
        return Debtor.each(deletions.keySet(), deletion -> keys.layDeletion(scope, List.of(minted.id()), deletion))
                .chain(() -> Debtor.each(minted.owed(), owed -> keys.paid(scope, minted.id(), owed)))
                .replaceWith(deletions.isEmpty());
    }

    private Uni<Void> inherit(OrgScope scope, Map<ObjectId, Instant> deletions) {
        return Debtor.each(
                deletions.entrySet(), deletion -> cascade.run(scope, deletion.getKey(), deletion.getValue()));
    }

    private Uni<Void> pay(OrgScope scope, Organisation organisation, Owed.Kind kind) {
        return Debtor.each(organisation.owed(kind), owed -> organisations.paid(scope, organisation.id(), owed));
    }

    /** An ancestor that is absent counts as deleted: nothing can be live beneath it. */
    private static Map<ObjectId, Instant> deletionsOn(
            List<OrgId> lineage, List<Standing> standings, Instant otherwise) {
        var deletions = new LinkedHashMap<ObjectId, Instant>();
        lineage.forEach(id -> deletions.put(id.value(), otherwise));
        standings.forEach(standing -> deletions.remove(standing.id().value()));
        for (var standing : standings) {
            var at = standing.deletedAt() == null ? otherwise : standing.deletedAt();
            standing.deletions().forEach(deletion -> deletions.putIfAbsent(deletion, at));
        }
        return deletions;
    }
}
