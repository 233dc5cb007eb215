package dev.offshoot.apikey;

import dev.offshoot.digest.KeyEncryption;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.task.PendingTask;
import dev.offshoot.value.KeyId;
import dev.offshoot.value.OrgId;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the record of a newly minted key. It holds the key's digest, hint and sealed HA1, but never the key. */
@Singleton
public class KeyMint {
    private final KeyEncryption encryption;

    KeyMint(KeyEncryption encryption) {
        this.encryption = encryption;
    }

    /** Makes the record of a key that replaces no other. */
    public ApiKey record(KeySecret secret, NewKey wanted, List<OrgId> lineage, Instant now) {
        return record(secret, wanted, lineage, null, now);
    }

    /**
     * Makes the record of a key, with its confirmation pending.
     *
     * @param predecessor the key that it is to replace
     */
    public ApiKey record(
            KeySecret secret, NewKey wanted, List<OrgId> lineage, @Nullable KeyId predecessor, Instant now) {
        var tasks = List.of(PendingTask.confirm(now));
        return new ApiKey(
                secret.id(),
                OrgScope.tenantOf(lineage),
                lineage.get(0),
                lineage,
                wanted.name(),
                wanted.roles(),
                secret.digest(),
                secret.hint(),
                encryption.seal(secret.id(), secret.ha1()),
                wanted.expiresAt(),
                null,
                wanted.allowedFrom().stream()
                        .map(range -> AccessEntry.of(range, now))
                        .toList(),
                now,
                null,
                null,
                predecessor,
                null,
                null,
                null,
                List.of(),
                List.of(),
                tasks,
                PendingTask.firstDueAt(tasks),
                null);
    }
}
