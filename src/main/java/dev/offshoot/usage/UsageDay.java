package dev.offshoot.usage;

import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Scoped;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.panache.common.MongoEntity;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bson.codecs.pojo.annotations.BsonId;
import org.bson.codecs.pojo.annotations.BsonProperty;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * What an organisation used on one UTC day: what was reported, derived from the day's records, and what was counted. Its
 * figures are made of both when they are read, so that a count needs no derivation.
 *
 * @param id the organisation's id, a slash and the day
 * @param sums of the day's records, without bounds, to go on from
 * @param counts API requests by the counter that counted them, each of which only grows
 * @param absorbed the records of the last derivation, which may not have been marked yet
 * @param revision grows with every derivation and every count written down
 * @param derivation the derivation that made these sums
 * @param openMonth the month, as long as no closing of it has seen this revision
 */
@MongoEntity(collection = "usage_days")
public record UsageDay(
        @BsonId String id,
        OrgId tenant,
        OrgId organisation,
        List<OrgId> lineage,
        String month,
        @Nullable Sums sums,
        @Nullable Map<String, Long> counts,
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
    }

    public UsageDay {
        lineage = List.copyOf(lineage);
        counts = counts == null ? Map.of() : Map.copyOf(counts);
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
                Sums.NONE,
                Map.of(),
                List.of(),
                0,
                new ObjectId(),
                any.month());
    }

    /** The day when nothing is known of it but one count. */
    static UsageDay counted(OrgScope organisation, LocalDate day, String counter, long requests) {
        var month = UsageMonth.textOf(day);
        return new UsageDay(
                idOf(organisation.root(), day),
                OrgScope.tenantOf(organisation.lineage()),
                organisation.root(),
                organisation.lineage(),
                month,
                Sums.NONE,
                Map.of(counter, requests),
                List.of(),
                1,
                new ObjectId(),
                month);
    }

    /** The day with those records too, of which it has absorbed none yet. */
    UsageDay plus(List<UsageRecord> fresh, ObjectId by) {
        var ids = fresh.stream().map(UsageRecord::id).toList();
        return new UsageDay(
                id,
                tenant,
                organisation,
                lineage,
                month,
                Objects.requireNonNullElse(sums, Sums.NONE).plus(fresh),
                counts,
                ids,
                revision + 1,
                by,
                month);
    }

    DayFigures figures() {
        return new DayFigures(id, lineage, sums, counts);
    }

    List<String> absorbedRecords() {
        return Objects.requireNonNullElse(absorbed, List.of());
    }
}
