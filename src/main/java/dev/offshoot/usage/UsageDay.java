package dev.offshoot.usage;

import dev.offshoot.scope.OrgId;
import dev.offshoot.scope.Scoped;
import io.quarkus.mongodb.panache.common.MongoEntity;
import java.time.LocalDate;
import java.util.List;
import org.bson.codecs.pojo.annotations.BsonId;
import org.bson.codecs.pojo.annotations.BsonProperty;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * What an organisation used on one UTC day, derived from all of the day's records together.
 *
 * @param id the organisation's id, a slash and the day
 * @param storageBytes the day's level; absent when no record told one
 * @param derivation the derivation that made these figures
 * @param openMonth the month, as long as no closing of it has seen these figures
 */
@MongoEntity(collection = "usage_days")
public record UsageDay(
        @BsonId String id,
        OrgId tenant,
        OrgId organisation,
        List<OrgId> lineage,
        String month,
        @BsonProperty("api_requests") long apiRequests,
        @BsonProperty("storage_bytes") @Nullable Long storageBytes,
        long revision,
        ObjectId derivation,
        @BsonProperty("open_month") @Nullable String openMonth)
        implements Scoped {

    public UsageDay {
        lineage = List.copyOf(lineage);
    }

    static String idOf(OrgId organisation, LocalDate day) {
        return organisation + "/" + day;
    }

    /** The day's figures out of all of its records: never below zero, and never above {@link ReportedUsage#MAX_FIGURE}. */
    static UsageDay derive(List<UsageRecord> records, long revision, ObjectId derivation) {
        var any = records.get(0);
        return new UsageDay(
                any.dayId(),
                any.tenant(),
                any.organisation(),
                any.lineage(),
                any.month(),
                requests(records),
                storage(records),
                revision,
                derivation,
                any.month());
    }

    private static long requests(List<UsageRecord> records) {
        var sum = new ExactSum();
        records.forEach(record -> sum.add(record.apiRequests()));
        return sum.within(0, ReportedUsage.MAX_FIGURE);
    }

    private static @Nullable Long storage(List<UsageRecord> records) {
        if (records.stream().allMatch(record -> record.storageBytes() == null)) {
            return null;
        }
        var level = new ExactSum();
        records.stream()
                .filter(record -> !record.isCorrection() && record.storageBytes() != null)
                .map(UsageRecord::storageBytes)
                .max(Long::compare)
                .ifPresent(level::add);
        records.stream().filter(UsageRecord::isCorrection).forEach(record -> level.add(record.storageBytes()));
        return level.within(0, ReportedUsage.MAX_FIGURE);
    }
}
