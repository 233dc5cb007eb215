package dev.offshoot.organisation;

import dev.offshoot.plan.Plan;
import dev.offshoot.ratelimit.RateLimit;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.ExternalId;
import dev.offshoot.value.Patch;
import org.jspecify.annotations.Nullable;

/** A change to an organisation. The name can't be cleared; everything else can. */
public record OrganisationChange(
        Patch<DisplayName> name, Patch<ExternalId> externalId, Patch<Plan> plan, Patch<RateLimit> rateLimit) {

    public static OrganisationChange of(Patch<DisplayName> name, Patch<ExternalId> externalId) {
        return new OrganisationChange(name, externalId, Patch.none(), Patch.none());
    }

    public static OrganisationChange rename(DisplayName name) {
        return of(Patch.to(name), Patch.none());
    }

    /** Sets a new plan; null clears it. */
    public static OrganisationChange plan(@Nullable Plan plan) {
        return new OrganisationChange(Patch.none(), Patch.none(), Patch.to(plan), Patch.none());
    }

    /** Sets a new rate limit; null clears it. */
    public static OrganisationChange rateLimit(@Nullable RateLimit rateLimit) {
        return new OrganisationChange(Patch.none(), Patch.none(), Patch.none(), Patch.to(rateLimit));
    }
}
