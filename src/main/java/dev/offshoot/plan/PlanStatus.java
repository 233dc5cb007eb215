package dev.offshoot.plan;

import dev.offshoot.failure.Problem.Form;
import dev.offshoot.value.Parsed;
import java.util.Arrays;
import java.util.Locale;

/** How a plan stands, as the billing system says ({@code api.md}, section 5). */
public enum PlanStatus {
    TRIALING,
    ACTIVE,
    PAST_DUE,
    CANCELED,
    SCHEDULED,
    EXPIRED;

    public static Parsed<PlanStatus> parse(String raw) {
        return Arrays.stream(values())
                .filter(status -> status.text().equals(raw))
                .findFirst()
                .map(Parsed::good)
                .orElse(Parsed.malformed(Form.PLAN_STATUS));
    }

    /** As clients write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
