package dev.offshoot.usage;

import dev.offshoot.organisation.OrganisationPlace;
import dev.offshoot.scope.Scoped;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.panache.common.MongoEntity;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.bson.codecs.pojo.annotations.BsonId;
import org.bson.codecs.pojo.annotations.BsonProperty;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * One report of what an organisation used on a day, stored once and never changed but for the mark that it waits.
 *
 * @param id the organisation's id, a slash and the reporter's own id of the record
 * @param dayId the id of the day that it counts for
 * @param report the report that brought it, by which a repeated one is told from the first
 * @param underived present while its day has not been derived from it
 */
@MongoEntity(collection = "usage_records")
public record UsageRecord(
        @BsonId String id,
        OrgId tenant,
        OrgId organisation,
        List<OrgId> lineage,
        @BsonProperty("day_id") String dayId,
        String month,
        @BsonProperty("api_requests") @Nullable Long apiRequests,
        @BsonProperty("storage_bytes") @Nullable Long storageBytes,
        @Nullable String reason,
        ObjectId report,
        @BsonProperty("received_at") Instant receivedAt,
        @Nullable Underived underived)
        implements Scoped {

    /** That a record waits for its day to be derived from it, and since when; two sparse indexes find it by either. */
    public record Underived(String day, Instant since) {}

    public UsageRecord {
        lineage = List.copyOf(lineage);
    }

    static UsageRecord of(ReportedUsage reported, OrganisationPlace place, ObjectId report, Instant now) {
        return new UsageRecord(
                reported.storedId(),
                place.tenant(),
                place.id(),
                place.lineage(),
                UsageDay.idOf(place.id(), reported.day()),
                UsageMonth.textOf(reported.day()),
                reported.apiRequests(),
                reported.storageBytes(),
                reported.reason(),
                report,
                now,
                new Underived(UsageDay.idOf(place.id(), reported.day()), now));
    }

    /** Whether both say the same, whoever reported them and when. */
    boolean saysTheSameAs(UsageRecord other) {
        return id.equals(other.id)
                && dayId.equals(other.dayId)
                && Objects.equals(apiRequests, other.apiRequests)
                && Objects.equals(storageBytes, other.storageBytes)
                && Objects.equals(reason, other.reason);
    }

    /** A correction's figures are added; those of other records are requests to add and levels to take the largest of. */
    boolean isCorrection() {
        return reason != null;
    }
}
