package dev.offshoot.apikey;

import dev.offshoot.failure.Failure;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.scope.OrgScope;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * The keys that keep the root open: its live partner keys without expiry and access list, of which one always stays.
 * Their ids stand in the root's own record, so that losing one is decided by one update that demands another. Only what
 * is known to be such a key is noted there, and it is taken out before it stops being one.
 */
@Singleton
public class RootKeys {
    private final OrganisationRepository organisations;
    private final KeyRepository keys;

    RootKeys(OrganisationRepository organisations, KeyRepository keys) {
        this.organisations = organisations;
        this.keys = keys;
    }

    /** Notes a key that was stored, if it is one of them, and takes it out again if it has stopped being one meanwhile. */
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

    /** Before a key that is one of them stops being one; fails with {@link Failure.LastPartnerKey} for the last. */
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

    /** One of them takes the place of another, at once; false where the other is noted no more. */
    public Uni<Boolean> replace(OrgScope scope, ApiKey noted, ApiKey by) {
        return organisations.replaceRootKey(scope, noted.id().value(), by.id().value());
    }
}
