package dev.offshoot.api.partner;

import dev.offshoot.api.read.AtLeastOneField;
import dev.offshoot.api.read.PartialUpdate;
import dev.offshoot.api.read.ReadOnlyFields;
import dev.offshoot.organisation.OrganisationChange;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.ExternalId;
import dev.offshoot.value.Patch;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import java.util.List;

/** The body of an update. A null clears the external id. */
@RegisterForReflection
@AtLeastOneField
@ReadOnlyFields({
    "organisation_id",
    "organisation_key",
    "country",
    "division_key",
    "division_name",
    "division_timezone",
    "divisions",
    "is_partner",
    "location",
    "shard_key",
    "deleted_at",
    "created_at",
    "updated_at"
})
record UpdateOrganisationRequest(
        Patch<@NotNull(message = Patch.NOT_NULL) DisplayName> organisationName, Patch<ExternalId> partnerExternalId)
        implements PartialUpdate {

    @Override
    public List<Patch<?>> patches() {
        return List.of(organisationName, partnerExternalId);
    }

    OrganisationChange toChange() {
        return OrganisationChange.of(organisationName, partnerExternalId);
    }
}
