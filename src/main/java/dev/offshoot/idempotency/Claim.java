package dev.offshoot.idempotency;

import dev.offshoot.digest.Sealed;
import dev.offshoot.scope.Scoped;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.panache.common.MongoEntity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bson.codecs.pojo.annotations.BsonId;
import org.bson.codecs.pojo.annotations.BsonProperty;
import org.bson.types.Binary;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * That a request with an {@code Idempotency-Key} is being done, or was done, as it is stored.
 *
 * @param id the caller's organisation, a slash, and the SHA-256 of the key, which may itself be a secret
 * @param roles the roles of the API key that made it, in order
 * @param fingerprint the SHA-256 of what was asked for
 * @param attempt the id of the one thing that the work is about
 * @param seed what every try mints from; absent once there is an answer
 * @param answer absent while the work is being done, or was cut off
 * @param leasedUntil until when the work is left to whoever does it
 */
@MongoEntity(collection = "requests")
public record Claim(
        @BsonId String id,
        OrgId tenant,
        List<OrgId> lineage,
        List<String> roles,
        Binary fingerprint,
        ObjectId attempt,
        @Nullable Sealed seed,
        @Nullable KeptAnswer answer,
        @BsonProperty("leased_until") Instant leasedUntil,
        @BsonProperty("created_at") Instant createdAt)
        implements Scoped {
    public Claim {
        lineage = List.copyOf(lineage);
        roles = List.copyOf(roles);
    }

    /** Whether the other claim was made for the same request, by a key with the same roles. */
    boolean isOfSameRequest(Claim other) {
        return fingerprint.equals(other.fingerprint) && roles.equals(other.roles);
    }

    /** What it holds sealed: the answer's body, or the seed before there is an answer. */
    public Optional<Sealed> sealed() {
        return Optional.ofNullable(answer == null ? seed : answer.body());
    }

    Claim leasedUntil(Instant end) {
        return new Claim(id, tenant, lineage, roles, fingerprint, attempt, seed, answer, end, createdAt);
    }

    @Override
    public String toString() {
        return "Claim[" + attempt + "]";
    }
}
