package dev.offshoot.apikey;

import dev.offshoot.failure.Failure;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.scope.OrgScope;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/**
 * The keys that keep the root open: its live partner keys without expiry and access list, of which one always stays.
 * Their ids stand in the root's own record, so that losing one is decided by one update that demands another. Only what
 * is known to be such a key is noted there, and it is taken out before it stops being one.
 */
@Singleton
public class RootKeys {
    private final OrganisationRepository organisations;

    RootKeys(OrganisationRepository organisations) {
        this.organisations = organisations;
    }

    /** Notes a key that was stored, if it is one of them. */
    public Uni<Void> note(OrgScope scope, ApiKey key) {
        return key.keepsRootOpen()
                ? organisations.addRootKey(scope, key.id().value())
                : Uni.createFrom().voidItem();
    }

    /** Before a key that is one of them stops being one; fails with {@link Failure.LastPartnerKey} for the last. */
    public Uni<Void> release(OrgScope scope, ApiKey key) {
        if (!key.keepsRootOpen()) {
            return Uni.createFrom().voidItem();
        }
        return organisations.removeRootKey(scope, key.id().value()).map(another -> {
            if (!another) {
                throw new Failure.LastPartnerKey().asException();
            }
            return null;
        });
    }
}
