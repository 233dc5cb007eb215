package dev.offshoot.apikey;

import dev.offshoot.owed.Owed;
import dev.offshoot.scope.OrgId;
import dev.offshoot.scope.Scoped;
import io.quarkus.mongodb.panache.common.MongoEntity;
import java.time.Instant;
import java.util.List;
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
 * @param accessList where the key may be used from; empty for everywhere
 * @param deletions the deletions of its organisation or an ancestor that lie on it; it is good while there is none
 * @param restored deletions that were undone, so that a late cascade of theirs passes it by
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
        @BsonProperty("sealed_ha1") @Nullable SealedHa1 sealedHa1,
        @BsonProperty("expires_at") @Nullable Instant expiresAt,
        @BsonProperty("access_list") @Nullable List<AccessEntry> accessList,
        @BsonProperty("created_at") Instant createdAt,
        @BsonProperty("revoked_at") @Nullable Instant revokedAt,
        List<ObjectId> deletions,
        List<ObjectId> restored,
        List<Owed> owed)
        implements Scoped {

    public ApiKey {
        lineage = List.copyOf(lineage);
        roles = List.copyOf(roles);
        accessList = accessList == null ? List.of() : List.copyOf(accessList);
        deletions = List.copyOf(deletions);
        restored = List.copyOf(restored);
        owed = List.copyOf(owed);
    }

    /** The entries of the access list, of which there may be none. */
    public List<AccessEntry> accessEntries() {
        return accessList == null ? List.of() : accessList;
    }

    /** Whether the key is itself good at that time; its lineage has to be live as well. */
    boolean isGood(Instant now) {
        return revokedAt == null && deletions.isEmpty() && (expiresAt == null || now.isBefore(expiresAt));
    }

    @Override
    public String toString() {
        return "ApiKey[" + id + "]";
    }
}
