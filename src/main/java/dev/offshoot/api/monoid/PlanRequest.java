package dev.offshoot.api.monoid;

import dev.offshoot.plan.Plan;
import dev.offshoot.plan.PlanStatus;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.Identifier;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The body that sets an organisation's plan. */
@RegisterForReflection
record PlanRequest(
        @Nullable Identifier customerId,
        @Nullable Identifier productId,
        @Nullable DisplayName productName,
        @NotNull PlanStatus status,
        @Nullable Instant startsAt,
        @Nullable Instant endsAt,
        @Nullable Instant canceledAt) {

    Plan toPlan() {
        return new Plan(
                customerId == null ? null : customerId.text(),
                productId == null ? null : productId.text(),
                productName == null ? null : productName.text(),
                status,
                startsAt,
                endsAt,
                canceledAt);
    }
}
