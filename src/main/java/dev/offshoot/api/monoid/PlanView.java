package dev.offshoot.api.monoid;

import dev.offshoot.plan.Plan;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A plan as the Monoid API shows it. */
public record PlanView(
        @Nullable String customerId,
        @Nullable String productId,
        @Nullable String productName,
        String status,
        @Nullable Instant startsAt,
        @Nullable Instant endsAt,
        @Nullable Instant canceledAt) {

    static PlanView of(Plan plan) {
        return new PlanView(
                plan.customerId(),
                plan.productId(),
                plan.productName(),
                plan.status().text(),
                plan.startsAt(),
                plan.endsAt(),
                plan.canceledAt());
    }
}
