package dev.offshoot.peer;

import java.time.Instant;
import java.util.List;
import org.bson.types.ObjectId;

/** Who calls: the key, its roles, and the part of the tree that it opens. */
record Caller(String key, List<String> roles, List<ObjectId> lineage, String organisationKey, Instant expiresAt) {
    ObjectId root() {
        return lineage.get(0);
    }
}
