package dev.offshoot.usage;

import dev.offshoot.organisation.OrganisationPlace;
import dev.offshoot.task.PendingTask;
import dev.offshoot.task.RecordWithSharedTask;
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
 * One report of what an organisation used on a day. It is stored once and never changes, except for the marks that it
 * is pending.
 *
 * @param id the organisation's id, a slash and the reporter's own id of the record
 * @param dayId the id of the day that the record counts for
 * @param report the id of the report that brought the record, which distinguishes a repeated record from the first
 * @param underived present until the record's day was derived from it
 * @param taskDueAt when the queue derives the day; present as long as {@code underived}
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
        @Nullable Underived underived,
        @BsonProperty("task_due_at") @Nullable Instant taskDueAt,
        @BsonProperty("task_attempts") @Nullable Integer taskAttempts)
        implements RecordWithSharedTask {

    /**
     * Marks a record as waiting for its day to be derived from it, with the day, which has a sparse index, and the time
     * since when.
     */
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
                new Underived(UsageDay.idOf(place.id(), reported.day()), now),
                now.plus(PendingTask.LEASE),
                null);
    }

    /** Deriving the day is one task for all its records. */
    @Override
    public String taskKey() {
        return dayId;
    }

    @Override
    public Instant taskSince() {
        return receivedAt;
    }

    /** Whether both records report the same, regardless of who reported them and when. */
    boolean saysTheSameAs(UsageRecord other) {
        return id.equals(other.id)
                && dayId.equals(other.dayId)
                && Objects.equals(apiRequests, other.apiRequests)
                && Objects.equals(storageBytes, other.storageBytes)
                && Objects.equals(reason, other.reason);
    }

    /**
     * Whether this is a correction. A correction's figures are added; of other records, requests are added and the
     * largest level counts.
     */
    boolean isCorrection() {
        return reason != null;
    }
}
