package dev.offshoot.organisation;

import dev.offshoot.plan.Plan;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.ExternalId;
import dev.offshoot.value.Patch;
import org.jspecify.annotations.Nullable;

/** What may be changed of an organisation. Its name can't be cleared; its external id and plan can. */
public record OrganisationChange(Patch<DisplayName> name, Patch<ExternalId> externalId, Patch<Plan> plan) {

    public static OrganisationChange of(Patch<DisplayName> name, Patch<ExternalId> externalId) {
        return new OrganisationChange(name, externalId, Patch.none());
    }

    public static OrganisationChange rename(DisplayName name) {
        return of(Patch.to(name), Patch.none());
    }

    /** A new plan; null to clear it. */
    public static OrganisationChange plan(@Nullable Plan plan) {
        return new OrganisationChange(Patch.none(), Patch.none(), Patch.to(plan));
    }
}
