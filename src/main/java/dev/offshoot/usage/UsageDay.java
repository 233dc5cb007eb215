package dev.offshoot.usage;

import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Scoped;
import dev.offshoot.task.PendingTask;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.panache.common.MongoEntity;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bson.codecs.pojo.annotations.BsonId;
import org.bson.codecs.pojo.annotations.BsonProperty;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * The usage of an organisation on one UTC day: what was reported, derived from the day's records, and what was counted.
 * The figures are made from both when they are read, so that a count needs no derivation.
 *
 * @param id the organisation's id, a slash and the day
 * @param sums the unbounded sums of the day's records, which the next derivation adds to
 * @param counts API requests by the counter that counted them; each number only grows
 * @param absorbed the records of the last derivation, which may not be marked yet
 * @param revision grows with every derivation and every count that is written
 * @param derivation the derivation that made these sums
 * @param pendingSince since when the month's figures lack a change of this day; absent when they lack none
 * @param taskDueAt when the queue adds the day to its month; present as long as {@code pendingSince}
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
        @BsonProperty("pending_since") @Nullable Instant pendingSince,
        @BsonProperty("task_due_at") @Nullable Instant taskDueAt)
        implements Scoped {
    /** How long a change waits at most to be added to a month that goes on, so that the month is added up rarely. */
    private static final Duration DELAY = PendingTask.LEASE;

    /**
     * Exact sums, as decimal text because they may exceed 64 bits.
     *
     * @param requests the sum of all reported counts, corrections included
     * @param largest the largest reported level; absent if there was none
     * @param corrections the sum of the corrections of the level; absent if there are none
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

    /** When the queue adds a change to its month: soon if the month is over. */
    static Instant dueAt(String month, Instant changedAt) {
        var closable = UsageMonth.closableFrom(month);
        var later = changedAt.plus(DELAY);
        return later.isBefore(closable) ? later : closable;
    }

    /** An empty day, before any record was derived. */
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
                null,
                null);
    }

    /** A day that has nothing but one count. */
    static UsageDay counted(OrgScope organisation, LocalDate day, String counter, long requests, Instant now) {
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
                now,
                dueAt(month, now));
    }

    /** Adds records that the day has not absorbed yet. */
    UsageDay plus(List<UsageRecord> fresh, ObjectId by, Instant now) {
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
                now,
                dueAt(month, now));
    }

    DayFigures figures() {
        return new DayFigures(id, lineage, sums, counts);
    }

    List<String> absorbedRecords() {
        return Objects.requireNonNullElse(absorbed, List.of());
    }
}
