package dev.offshoot.organisation;

import dev.offshoot.plan.Plan;
import org.jspecify.annotations.Nullable;

/** What may be changed of an organisation. Its name can't be cleared; its external id and plan can. */
public record OrganisationChange(Change<OrganisationName> name, Change<ExternalId> externalId, Change<Plan> plan) {

    public static OrganisationChange of(Change<OrganisationName> name, Change<ExternalId> externalId) {
        return new OrganisationChange(name, externalId, Change.none());
    }

    public static OrganisationChange rename(OrganisationName name) {
        return of(Change.to(name), Change.none());
    }

    /** @param plan null to clear it */
    public static OrganisationChange plan(@Nullable Plan plan) {
        return new OrganisationChange(Change.none(), Change.none(), Change.to(plan));
    }
}
