package dev.offshoot.api.partner;

import dev.offshoot.api.read.QueryReader;
import dev.offshoot.failure.Violation;
import dev.offshoot.usage.UsageQuery;
import dev.offshoot.usage.UsageQuery.Breakdown;
import dev.offshoot.value.Parsed;
import java.time.YearMonth;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The query of a call that reads usage.
 *
 * @param orDeleted whether the organisation may be a deleted one
 */
record UsageRequest(UsageQuery query, boolean orDeleted) {
    private static final Map<String, Breakdown> BREAKDOWNS =
            Map.of("daily", Breakdown.DAILY, "children", Breakdown.CHILDREN);

    private static final Pattern MONTH = Pattern.compile("[0-9]{4}-(0[1-9]|1[0-2])");

    static UsageRequest read(QueryReader query) {
        var month = query.has("usage_month")
                ? query.read("usage_month", UsageRequest::month)
                : query.<YearMonth>refuse(Violation.required("usage_month"));
        var breakdown = query.choice("breakdown", BREAKDOWNS, "must be daily or children")
                .orElse(Breakdown.NONE);
        var subtree = ListRequest.isSubtree(query, breakdown == Breakdown.CHILDREN);
        var orDeleted = query.flag("include_deleted");
        query.check();
        return new UsageRequest(new UsageQuery(month.orElseThrow(), subtree, breakdown), orDeleted);
    }

    private static Parsed<YearMonth> month(String raw) {
        return MONTH.matcher(raw).matches()
                ? Parsed.good(YearMonth.parse(raw))
                : Parsed.bad("must be a month, such as 2026-04");
    }
}
