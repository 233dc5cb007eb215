package dev.offshoot.usage;

import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Scoped;
import dev.offshoot.usage.UsageQuery.Breakdown;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the usage of an organisation, or of it and everything beneath it, in a month. It takes three to five database commands
 * for any number of organisations. The open month of one organisation is added up from its days. For a tree, the database adds
 * up its organisations' months. Changes that these months lack are read too, if they are not too many; otherwise the answer
 * says how old it is, which is at most two minutes while the queue keeps up.
 */
@Singleton
public class UsageReading {
    /** The most days whose changes are read. With up to 3 KB for each and for its month, that is 6 MB. */
    static final int MOST_PENDING = 1000;

    private final UsageRecordRepository records;
    private final UsageDayRepository days;
    private final UsageMonthRepository months;
    private final Clock clock;

    UsageReading(UsageRecordRepository records, UsageDayRepository days, UsageMonthRepository months, Clock clock) {
        this.records = records;
        this.days = days;
        this.months = months;
        this.clock = clock;
    }

    /**
     * Reads the usage of the scope's top organisation, which may be deleted. A month without usage has zeros. What may
     * be pending is read before what it would be derived into, so that figures are never called complete too early.
     * Fails with {@link dev.offshoot.failure.Failure.RollUpTooLarge} if the answer would have too many rows.
     */
    public Uni<MonthlyUsage> month(OrgScope organisation, UsageQuery query) {
        return records.anyUnderived(organisation, query).chain(underived -> {
            var reading = new Reading(organisation, query, underived, clock.instant());
            return query.subtree() ? ofTree(reading) : ofOne(reading);
        });
    }

    /** What is read and since when, and whether a record is waiting to be derived. */
    private record Reading(OrgScope scope, UsageQuery query, boolean underived, Instant began) {
        String ownMonth() {
            return UsageMonth.idOf(scope.root(), query.monthText());
        }

        /**
         * The child that a part counts for: the one that it is in or beneath. Both lineages end with the same ids, so the
         * position counts from the end. Null for the scope's own organisation.
         */
        @Nullable
        OrgId childOf(Scoped part) {
            var position = part.lineage().size() - scope.lineage().size() - 1;
            return query.breakdown() == Breakdown.CHILDREN && position >= 0
                    ? part.lineage().get(position)
                    : null;
        }

        MonthlyUsage result(Collection<MonthSum> parts, boolean pending, Instant asOf) {
            var sums = new RollUp(scope, query);
            parts.forEach(sums::add);
            return sums.result(!underived && !pending, asOf);
        }
    }

    private Uni<MonthlyUsage> ofOne(Reading reading) {
        return days.pending(reading.scope(), reading.query(), 1)
                .chain(pending -> months.find(reading.scope(), reading.ownMonth())
                        .map(month -> month.filter(UsageMonth::isClosed))
                        .chain(closed -> ownPart(reading, closed))
                        .map(part -> reading.result(List.of(part), !pending.isEmpty(), reading.began())));
    }

    private Uni<MonthSum> ownPart(Reading reading, Optional<UsageMonth> closed) {
        return closed.map(month -> Uni.createFrom().item(MonthSum.of(null, month)))
                .orElseGet(() -> days.ofMonth(
                                reading.scope(),
                                reading.scope().root(),
                                reading.query().monthText())
                        .map(all -> all.stream().map(DayFigures::usage).toList())
                        .map(all -> MonthSum.open(null, all)));
    }

    private Uni<MonthlyUsage> ofTree(Reading reading) {
        return days.pending(reading.scope(), reading.query(), MOST_PENDING + 1)
                .chain(pending -> pending.size() > MOST_PENDING ? slightlyOld(reading) : exact(reading, pending));
    }

    private Uni<MonthlyUsage> slightlyOld(Reading reading) {
        return days.pendingSince(reading.scope(), reading.query())
                .map(since -> since.orElse(reading.began()))
                .chain(since -> months.sums(reading.scope(), reading.query(), List.of())
                        .map(sums -> reading.result(sums, true, since)));
    }

    /** Organisations with changes are left out of the database's sums, and each is added up from its month and its changes. */
    private Uni<MonthlyUsage> exact(Reading reading, List<DayFigures> pending) {
        var changes = pending.stream().collect(Collectors.groupingBy(day -> UsageMonth.idOf(day.id())));
        return changedParts(reading, changes)
                .chain(changed -> months.sums(reading.scope(), reading.query(), changes.keySet())
                        .map(sums ->
                                Stream.concat(changed.stream(), sums.stream()).toList()))
                .map(parts -> reading.result(parts, !pending.isEmpty(), reading.began()));
    }

    private Uni<List<MonthSum>> changedParts(Reading reading, Map<String, List<DayFigures>> changes) {
        return changes.isEmpty()
                ? Uni.createFrom().item(List.of())
                : months.byIds(reading.scope(), changes.keySet())
                        .map(read -> read.stream().collect(Collectors.toMap(UsageMonth::id, Function.identity())))
                        .map(read -> changes.entrySet().stream()
                                .map(changed -> changedPart(
                                        reading, Optional.ofNullable(read.get(changed.getKey())), changed.getValue()))
                                .toList());
    }

    /** A closed month stays as it was closed until it is closed again. */
    private static MonthSum changedPart(Reading reading, Optional<UsageMonth> month, List<DayFigures> changed) {
        var child = reading.childOf(changed.get(0));
        var closed = month.filter(UsageMonth::isClosed);
        if (closed.isPresent()) {
            return MonthSum.of(child, closed.get());
        }
        var days = new TreeMap<>(Stream.concat(
                        month.stream().flatMap(open -> open.days().stream()),
                        changed.stream().map(DayFigures::usage))
                .collect(Collectors.toMap(DailyUsage::day, Function.identity(), (included, now) -> now)));
        return MonthSum.open(child, days.values());
    }
}
