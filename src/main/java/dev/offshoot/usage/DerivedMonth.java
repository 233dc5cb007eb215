package dev.offshoot.usage;

import dev.offshoot.scope.Located;
import dev.offshoot.scope.OrgScope;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * A month with changed days included.
 *
 * @param read the month as it was read; null if there was none
 * @param days the days that are included in {@code next}
 */
record DerivedMonth(OrgScope scope, @Nullable UsageMonth read, UsageMonth next, List<Located<UsageDay>> days) {

    /** @param days days of one month of one organisation, at least one */
    static DerivedMonth of(@Nullable UsageMonth read, List<Located<UsageDay>> days, ObjectId by, Instant now) {
        var any = days.get(0);
        var month = Objects.requireNonNullElseGet(read, () -> UsageMonth.empty(any.record()));
        var figures = days.stream().map(day -> day.record().figures()).toList();
        return new DerivedMonth(any.scope(), read, month.with(figures, by, now), days);
    }

    boolean isChanged() {
        return !next.equals(read);
    }
}
