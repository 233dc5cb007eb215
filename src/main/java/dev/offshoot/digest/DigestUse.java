package dev.offshoot.digest;

import dev.offshoot.scope.Scoped;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.panache.common.MongoEntity;
import java.time.Instant;
import java.util.List;
import org.bson.codecs.pojo.annotations.BsonId;
import org.bson.codecs.pojo.annotations.BsonProperty;

/**
 * That a nonce was used with a count for a call that writes, so that the same call sent again is refused by every
 * replica. Swept once the nonce is too old to be used.
 *
 * @param id the nonce, a slash and the count
 */
@MongoEntity(collection = "digest_uses")
public record DigestUse(
        @BsonId String id,
        List<OrgId> lineage,
        @BsonProperty("used_at") Instant usedAt) implements Scoped {
    public DigestUse {
        lineage = List.copyOf(lineage);
    }
}
