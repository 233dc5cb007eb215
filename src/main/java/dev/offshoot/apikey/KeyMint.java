package dev.offshoot.apikey;

import dev.offshoot.owed.Owed;
import dev.offshoot.scope.OrgId;
import dev.offshoot.scope.OrgScope;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;

/** Makes the stored record of a freshly minted key: its digest, its hint and its sealed HA1, and never the key. */
@Singleton
public class KeyMint {
    private final KeyEncryption encryption;

    KeyMint(KeyEncryption encryption) {
        this.encryption = encryption;
    }

    /** The record owes its settlement, which the queue sees to when the request does not. */
    public ApiKey record(KeySecret secret, String name, List<Role> roles, List<OrgId> lineage, Instant now) {
        return new ApiKey(
                secret.id(),
                OrgScope.tenantOf(lineage),
                lineage.get(0),
                lineage,
                name,
                roles,
                secret.digest(),
                secret.hint(),
                encryption.seal(secret.id(), secret.ha1()),
                null,
                null,
                now,
                null,
                List.of(),
                List.of(),
                List.of(Owed.settle(now)));
    }
}
