package dev.offshoot.usage;

import dev.offshoot.scope.Located;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.task.BacklogEntry;
import dev.offshoot.task.SharedTaskHandler;
import dev.offshoot.task.Steps;
import dev.offshoot.task.TaskType;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bson.types.ObjectId;

/**
 * Derives days from records. It first reads the days, then the pending records. It stores the new sums only under the
 * days' revisions, together with the ids of the records that they absorbed. Then it marks exactly these records. If a
 * crash leaves an absorbed record unmarked, its id in the day shows that it was counted. So neither a crash nor two
 * derivations at once count anything twice, and the work does not grow with what the day already holds.
 */
@Singleton
@Priority(DayDerivation.BEFORE_MONTHS)
class DayDerivation extends SharedTaskHandler<UsageRecord> {
    /** Handlers that run one after another do so by priority: deletions, then a day, its month, its closing. */
    static final int BEFORE_MONTHS = -1;

    /** The most records that one attempt derives. */
    private static final int MOST_RECORDS = 2000;
    /** How often a derivation is repeated at once because another one came first or more records are pending. */
    private static final int ATTEMPTS = 50;

    private final UsageRecordRepository records;
    private final UsageDayRepository days;
    private final Clock clock;

    DayDerivation(UsageRecordRepository records, UsageDayRepository days, Clock clock) {
        super(TaskType.USAGE_DAYS, records);
        this.records = records;
        this.days = days;
        this.clock = clock;
    }

    /** Derives the given days. Days that others keep changing meanwhile are left to the queue. */
    Uni<Void> derive(OrgScope scope, Set<String> dayIds) {
        return Uni.createFrom().deferred(() -> {
            var left = new HashSet<>(dayIds);
            return Steps.again(ATTEMPTS, () -> attempt(scope, left), anyLeft -> !anyLeft)
                    .onItem()
                    .ignoreAsUni();
        });
    }

    @Override
    public String name() {
        return "derive-usage-days";
    }

    @Override
    public Uni<List<BacklogEntry>> backlog(int limit) {
        return records.undone(limit).map(all -> all.stream()
                .map(one ->
                        new BacklogEntry(TaskType.USAGE_DAYS, one.underived().since()))
                .toList());
    }

    @Override
    protected Uni<Void> run(Located<UsageRecord> underived) {
        return derive(underived.scope(), Set.of(underived.record().dayId()));
    }

    /** Removes the derived days from the set. True if any are left. */
    private Uni<Boolean> attempt(OrgScope scope, Set<String> left) {
        return days.byIds(scope, left)
                .chain(read -> waiting(scope, left, read).chain(waiting -> derive(scope, left, read, waiting)))
                .map(undone -> {
                    left.retainAll(undone);
                    return !left.isEmpty();
                });
    }

    /** Finds the pending records without those that the given days have absorbed. It marks the absorbed ones first. */
    private Uni<List<UsageRecord>> waiting(OrgScope scope, Set<String> dayIds, List<UsageDay> read) {
        var absorbed =
                read.stream().flatMap(day -> day.absorbedRecords().stream()).collect(Collectors.toSet());
        var waiting = records.underivedOf(scope, dayIds, MOST_RECORDS);
        return waiting.chain(found -> {
            // Only if every pending record was read is it certain that no absorbed record is still pending.
            var certain = found.size() < MOST_RECORDS
                    && found.stream().map(UsageRecord::id).noneMatch(absorbed::contains);
            return certain || absorbed.isEmpty()
                    ? Uni.createFrom().item(found)
                    : records.markDerived(scope, absorbed).chain(() -> waiting);
        });
    }

    /** Returns the days that are not done: another derivation came first, or more of their records may be pending. */
    private Uni<Set<String>> derive(
            OrgScope scope, Set<String> dayIds, List<UsageDay> read, List<UsageRecord> waiting) {
        if (waiting.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        var derivation = new ObjectId();
        var now = clock.instant();
        var known = read.stream().collect(Collectors.toMap(UsageDay::id, Function.identity()));
        var byDay = waiting.stream().collect(Collectors.groupingBy(UsageRecord::dayId));
        var derived = byDay.values().stream()
                .map(fresh -> Objects.requireNonNullElseGet(
                                known.get(fresh.get(0).dayId()), () -> UsageDay.empty(fresh.get(0)))
                        .plus(fresh, derivation, now))
                .toList();
        return store(scope, derived, now)
                .chain(() -> days.madeBy(scope, byDay.keySet(), derivation))
                .map(made -> made.stream().map(UsageDay::id).collect(Collectors.toSet()))
                .call(made -> mark(scope, waiting, made))
                .map(made -> waiting.size() < MOST_RECORDS ? without(byDay.keySet(), made) : Set.copyOf(dayIds));
    }

    private static Set<String> without(Set<String> all, Set<String> done) {
        return all.stream().filter(one -> !done.contains(one)).collect(Collectors.toSet());
    }

    private Uni<Void> store(OrgScope scope, List<UsageDay> derived, Instant now) {
        var fresh = derived.stream().filter(day -> day.revision() == 1).toList();
        var known = derived.stream().filter(day -> day.revision() > 1).toList();
        return days.insertNew(scope, fresh).chain(() -> days.reviseAll(scope, known, now));
    }

    private Uni<Void> mark(OrgScope scope, List<UsageRecord> waiting, Set<String> made) {
        var ids = waiting.stream()
                .filter(record -> made.contains(record.dayId()))
                .map(UsageRecord::id)
                .toList();
        return ids.isEmpty() ? Uni.createFrom().voidItem() : records.markDerived(scope, ids);
    }
}
