package dev.offshoot.usage;

import dev.offshoot.owed.Debtor;
import dev.offshoot.scope.Located;
import dev.offshoot.scope.OrgScope;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
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
    private static final int ATTEMPTS = 20;

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
                .call(found -> Debtor.each(oneOfEachDay(found), this::derive))
                .map(List::size);
    }

    private static Collection<Located<UsageRecord>> oneOfEachDay(List<Located<UsageRecord>> found) {
        return found.stream()
                .collect(Collectors.toMap(one -> one.record().dayId(), Function.identity(), (one, other) -> one))
                .values();
    }

    private Uni<Void> derive(Located<UsageRecord> underived) {
        return derive(underived.scope(), Set.of(underived.record().dayId()));
    }

    /** Takes what is derived out of the set; true when something is left. */
    private Uni<Boolean> attempt(OrgScope scope, Set<String> left) {
        return days.byIds(scope, left)
                .chain(read -> records.ofDays(scope, left).chain(inputs -> derive(scope, read, inputs)))
                .map(undone -> {
                    left.retainAll(undone);
                    return !left.isEmpty();
                });
    }

    /** The days of these inputs that another derivation came first for; the others' records are then marked. */
    private Uni<Set<String>> derive(OrgScope scope, List<UsageDay> read, List<UsageRecord> inputs) {
        var byDay = inputs.stream().collect(Collectors.groupingBy(UsageRecord::dayId));
        // Another derivation may have read all there is.
        byDay.values().removeIf(records -> records.stream().allMatch(record -> record.underivedSince() == null));
        if (byDay.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        var derivation = new ObjectId();
        return store(scope, derived(byDay, read, derivation))
                .chain(() -> days.madeBy(scope, byDay.keySet(), derivation))
                .map(made -> made.stream().map(UsageDay::id).collect(Collectors.toSet()))
                .call(made -> mark(scope, inputs, made))
                .map(made -> {
                    byDay.keySet().removeAll(made);
                    return byDay.keySet();
                });
    }

    private static List<UsageDay> derived(
            Map<String, List<UsageRecord>> byDay, List<UsageDay> read, ObjectId derivation) {
        var revisions = read.stream().collect(Collectors.toMap(UsageDay::id, UsageDay::revision));
        return byDay.entrySet().stream()
                .map(day -> UsageDay.derive(day.getValue(), revisions.getOrDefault(day.getKey(), 0L) + 1, derivation))
                .toList();
    }

    private Uni<Void> store(OrgScope scope, List<UsageDay> derived) {
        var fresh = derived.stream().filter(day -> day.revision() == 1).toList();
        var known = derived.stream().filter(day -> day.revision() > 1).toList();
        var inserted = fresh.isEmpty() ? Uni.createFrom().voidItem() : days.insertNew(scope, fresh);
        return known.isEmpty() ? inserted : inserted.chain(() -> days.reviseAll(scope, known));
    }

    private Uni<Void> mark(OrgScope scope, List<UsageRecord> inputs, Set<String> made) {
        var ids = inputs.stream()
                .filter(record -> record.underivedSince() != null && made.contains(record.dayId()))
                .map(UsageRecord::id)
                .toList();
        return ids.isEmpty() ? Uni.createFrom().voidItem() : records.markDerived(scope, ids);
    }
}
