package dev.offshoot.plan;

import dev.offshoot.value.Parsed;
import java.util.Locale;

/** How a plan stands, as the billing system says ({@code api.md}, section 5). */
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

    /** As clients write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
