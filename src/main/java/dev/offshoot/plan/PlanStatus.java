package dev.offshoot.plan;

import dev.offshoot.value.Parsed;
import java.util.Locale;

/** The status of a plan, as the billing system reports it ({@code api.md}, section 5). */
public enum PlanStatus {
    TRIALING,
    ACTIVE,
    PAST_DUE,
    CANCELED,
    SCHEDULED,
    EXPIRED;

    public static final String RULE = "must be trialing, active, past_due, canceled, scheduled or expired";

    public static Parsed<PlanStatus> parse(String raw) {
        return Parsed.choice(values(), PlanStatus::text, raw, RULE);
    }

    /** The status as clients write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
