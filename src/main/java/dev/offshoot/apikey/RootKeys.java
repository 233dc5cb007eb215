package dev.offshoot.apikey;

import dev.offshoot.failure.Failure;
import dev.offshoot.organisation.OrganisationRef;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.value.KeyId;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Protects the root partner's unrestricted keys: its live partner keys without an expiry or an access list. One of them
 * always remains. Their ids are in the root's own record, so that a single update removes one only if another exists.
 * Only a key that is known to be unrestricted is noted there, and it is removed before it stops being so.
 */
@Singleton
public class RootKeys {
    private final OrganisationRepository organisations;
    private final KeyRepository keys;

    RootKeys(OrganisationRepository organisations, KeyRepository keys) {
        this.organisations = organisations;
        this.keys = keys;
    }

    /** Notes a stored key if it is unrestricted, and removes it again if it was restricted or revoked meanwhile. */
    public Uni<Void> note(OrgScope scope, ApiKey key) {
        return key.isUnrestrictedRootKey()
                ? organisations
                        .addRootKey(scope, key.id().value())
                        .chain(() -> keys.find(scope, key.organisation(), key.id(), Set.of(Role.values())))
                        .chain(stored -> stored.filter(ApiKey::isUnrestrictedRootKey)
                                        .isPresent()
                                ? Uni.createFrom().voidItem()
                                : organisations.dropRootKey(scope, key.id().value()))
                : Uni.createFrom().voidItem();
    }

    /**
     * Removes the note of a key before the key stops being unrestricted. Fails with {@link Failure.LastPartnerKey} for
     * the last one.
     */
    public Uni<Void> release(OrgScope scope, ApiKey key) {
        if (!key.isUnrestrictedRootKey()) {
            return Uni.createFrom().voidItem();
        }
        return organisations.removeRootKey(scope, key.id().value()).map(another -> {
            if (!another) {
                throw new Failure.LastPartnerKey().asException();
            }
            return null;
        });
    }

    /** Replaces one noted key by another in a single update. False if the first is no longer noted. */
    public Uni<Boolean> replace(OrgScope scope, ApiKey noted, ApiKey by) {
        return organisations.replaceRootKey(scope, noted.id().value(), by.id().value());
    }

    /** Removes the note of a key that has ended, which a change that came between its replacement and its end has renewed. */
    public Uni<Void> drop(OrgScope scope, KeyId ended) {
        return organisations.dropRootKey(scope, ended.value());
    }

    /** The first of the keys that is noted. */
    public Uni<Optional<KeyId>> findNoted(OrgScope scope, List<KeyId> candidates) {
        return organisations
                .find(scope, OrganisationRef.to(OrgId.ROOT), false)
                .map(root -> root.flatMap(found -> candidates.stream()
                        .filter(key -> found.notesRootKey(key.value()))
                        .findFirst()));
    }
}
