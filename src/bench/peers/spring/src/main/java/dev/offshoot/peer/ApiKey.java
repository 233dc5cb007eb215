package dev.offshoot.peer;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.bson.types.Binary;
import org.bson.types.ObjectId;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;
import org.springframework.data.mongodb.core.mapping.Field;

/** A key as it is stored. */
@Document("api_keys")
record ApiKey(
        @Id String id,
        ObjectId tenant,
        ObjectId organisation,
        List<ObjectId> lineage,
        String name,
        List<String> roles,
        Binary digest,
        String hint,
        @Field("sealed_ha1") SealedHa1 sealedHa1,
        Instant expiresAt,
        Instant endsAt,
        List<Object> accessList,
        Instant createdAt,
        Instant revokedAt,
        List<ObjectId> deletions,
        List<ObjectId> restored,
        List<PendingTask> tasks,
        Instant taskDueAt) {

    record SealedHa1(String key, Binary iv, Binary text) {}

    boolean isGood(Instant now) {
        return revokedAt == null
                && deletions.isEmpty()
                && (accessList == null || accessList.isEmpty())
                && (end() == null || now.isBefore(end()));
    }

    /** When it ends, or null. */
    Instant end() {
        return Stream.of(expiresAt, endsAt)
                .filter(end -> end != null)
                .min(Instant::compareTo)
                .orElse(null);
    }

    static ApiKey standard(KeySecret secret, Organisation organisation, KeyEncryption encryption, Instant now) {
        return new ApiKey(
                secret.id(),
                organisation.tenant(),
                organisation.id(),
                organisation.lineage(),
                "Standard key",
                List.of("STANDARD"),
                new Binary(secret.digest()),
                secret.hint(),
                encryption.seal(secret.id(), secret.ha1()),
                null,
                null,
                List.of(),
                now,
                null,
                List.of(),
                List.of(),
                List.of(PendingTask.confirm(now)),
                PendingTask.dueAt(now));
    }
}
