package dev.offshoot.usage;

import dev.offshoot.owed.Debtor;
import dev.offshoot.scope.Located;
import dev.offshoot.scope.OrgScope;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.bson.types.ObjectId;

/**
 * Makes days of records. It reads the days' revisions first, then all of their records, stores the figures under those
 * revisions only, then marks exactly the records that it read; so a crash, or two at once, count nothing twice.
 */
@Singleton
class DayDerivation implements Debtor {
    private static final int BATCH = 100;
    /** How often a day is derived again at once because another derivation came first. */
    private static final int ATTEMPTS = 5;

    private final UsageRecordRepository records;
    private final UsageDayRepository days;

    DayDerivation(UsageRecordRepository records, UsageDayRepository days) {
        this.records = records;
        this.days = days;
    }

    /** Derives those days; what others keep changing meanwhile is left to the queue. */
    Uni<Void> derive(OrgScope scope, Set<String> dayIds) {
        return Uni.createFrom().deferred(() -> {
            var left = new HashSet<>(dayIds);
            return attempt(scope, left)
                    .repeat()
                    .whilst(anyLeft -> anyLeft)
                    .select()
                    .first(ATTEMPTS)
                    .collect()
                    .last()
                    .replaceWithVoid();
        });
    }

    @Override
    public String name() {
        return "usage days";
    }

    @Override
    public Uni<Integer> settle(Instant waitingSince) {
        return records.underived(waitingSince, BATCH)
                .call(found -> Debtor.each(found, this::derive))
                .map(List::size);
    }

    private Uni<Void> derive(Located<UsageRecord> underived) {
        return derive(underived.scope(), Set.of(underived.record().dayId()));
    }

    /** Takes what it could derive out of the set; true when something is left. */
    private Uni<Boolean> attempt(OrgScope scope, Set<String> left) {
        return days.byIds(scope, left)
                .chain(read -> records.ofDays(scope, left).chain(inputs -> derive(scope, read, inputs)))
                .invoke(left::removeAll)
                .map(done -> !left.isEmpty());
    }

    /** The ids of the days that were derived from these inputs, whose records are then marked. */
    private Uni<Collection<String>> derive(OrgScope scope, List<UsageDay> read, List<UsageRecord> inputs) {
        var derivation = new ObjectId();
        var revisions = read.stream().collect(Collectors.toMap(UsageDay::id, UsageDay::revision));
        var byDay = inputs.stream().collect(Collectors.groupingBy(UsageRecord::dayId));
        return store(scope, byDay, revisions, derivation)
                .chain(() -> days.madeBy(scope, byDay.keySet(), derivation))
                .map(made -> made.stream().map(UsageDay::id).collect(Collectors.toSet()))
                .call(made -> mark(scope, inputs, made))
                .map(made -> made);
    }

    private Uni<Void> store(
            OrgScope scope, Map<String, List<UsageRecord>> byDay, Map<String, Long> revisions, ObjectId derivation) {
        var derived = new HashMap<Boolean, List<UsageDay>>(byDay.entrySet().stream()
                .map(day -> UsageDay.derive(day.getValue(), revisions.getOrDefault(day.getKey(), 0L) + 1, derivation))
                .collect(Collectors.partitioningBy(day -> day.revision() == 1)));
        var fresh = Objects.requireNonNull(derived.get(true));
        var known = Objects.requireNonNull(derived.get(false));
        var inserted = fresh.isEmpty() ? Uni.createFrom().voidItem() : days.insertNew(scope, fresh);
        return inserted.chain(() -> Debtor.each(known, day -> days.revise(scope, day)));
    }

    private Uni<Void> mark(OrgScope scope, List<UsageRecord> inputs, Set<String> made) {
        var ids = inputs.stream()
                .filter(record -> record.underivedSince() != null && made.contains(record.dayId()))
                .map(UsageRecord::id)
                .toList();
        return ids.isEmpty() ? Uni.createFrom().voidItem() : records.markDerived(scope, ids);
    }
}
