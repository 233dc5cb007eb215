package dev.offshoot.usage;

import dev.offshoot.scope.OrgId;
import dev.offshoot.scope.Scoped;
import io.quarkus.mongodb.panache.common.MongoEntity;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.bson.codecs.pojo.annotations.BsonId;
import org.bson.codecs.pojo.annotations.BsonProperty;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * What an organisation used on one UTC day, derived from the day's records.
 *
 * @param id the organisation's id, a slash and the day
 * @param apiRequests the figure: never below zero, never above {@link ReportedUsage#MAX_FIGURE}
 * @param storageBytes the day's level, bounded likewise; absent when no record told one
 * @param sums what the figures are made of, without bounds, to go on from
 * @param absorbed the records of the last derivation, which may not have been marked yet
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
        @Nullable Sums sums,
        @Nullable List<String> absorbed,
        long revision,
        ObjectId derivation,
        @BsonProperty("open_month") @Nullable String openMonth)
        implements Scoped {

    /**
     * Exact sums, as decimal text, for they may outgrow 64 bits.
     *
     * @param requests of all counts, corrections included
     * @param largest the largest reported level; absent when none was
     * @param corrections of the corrections of the level; absent when there is none
     */
    public record Sums(
            String requests,
            @Nullable Long largest,
            @Nullable String corrections) {
        static final Sums NONE = new Sums("0", null, null);

        Sums plus(List<UsageRecord> records) {
            var newRequests = new BigInteger(requests);
            var newLargest = largest;
            var newCorrections = corrections == null ? null : new BigInteger(corrections);
            for (var record : records) {
                newRequests = newRequests.add(BigInteger.valueOf(Objects.requireNonNullElse(record.apiRequests(), 0L)));
                var bytes = record.storageBytes();
                if (bytes != null && record.isCorrection()) {
                    var before = newCorrections == null ? BigInteger.ZERO : newCorrections;
                    newCorrections = before.add(BigInteger.valueOf(bytes));
                } else if (bytes != null) {
                    newLargest = newLargest == null ? bytes : Math.max(newLargest, bytes);
                }
            }
            return new Sums(
                    newRequests.toString(), newLargest, newCorrections == null ? null : newCorrections.toString());
        }

        long apiRequests() {
            return bounded(new BigInteger(requests));
        }

        @Nullable
        Long storageBytes() {
            if (largest == null && corrections == null) {
                return null;
            }
            var level = BigInteger.valueOf(Objects.requireNonNullElse(largest, 0L));
            return bounded(level.add(new BigInteger(Objects.requireNonNullElse(corrections, "0"))));
        }

        private static long bounded(BigInteger sum) {
            return sum.max(BigInteger.ZERO)
                    .min(BigInteger.valueOf(ReportedUsage.MAX_FIGURE))
                    .longValueExact();
        }
    }

    public UsageDay {
        lineage = List.copyOf(lineage);
    }

    static String idOf(OrgId organisation, LocalDate day) {
        return organisation + "/" + day;
    }

    /** The day before any record was derived. */
    static UsageDay empty(UsageRecord any) {
        return new UsageDay(
                any.dayId(),
                any.tenant(),
                any.organisation(),
                any.lineage(),
                any.month(),
                0,
                null,
                Sums.NONE,
                List.of(),
                0,
                new ObjectId(),
                any.month());
    }

    /** The day with those records too, of which it has absorbed none yet. */
    UsageDay plus(List<UsageRecord> fresh, ObjectId by) {
        var newSums = Objects.requireNonNullElse(sums, Sums.NONE).plus(fresh);
        var ids = fresh.stream().map(UsageRecord::id).toList();
        return new UsageDay(
                id,
                tenant,
                organisation,
                lineage,
                month,
                newSums.apiRequests(),
                newSums.storageBytes(),
                newSums,
                ids,
                revision + 1,
                by,
                month);
    }

    List<String> absorbedRecords() {
        return Objects.requireNonNullElse(absorbed, List.of());
    }
}
