package dev.offshoot.api.partner;

import dev.offshoot.organisation.CountryCode;
import dev.offshoot.organisation.NewOrganisation;
import dev.offshoot.organisation.TimeZoneId;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.ExternalId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** The body of a call that creates an organisation under the external id of its path; otherwise as {@link CreateOrganisationRequest}. */
@RegisterForReflection
record PutOrganisationRequest(
        @NotNull DisplayName organisationName,
        @NotNull CountryCode country,
        @NotNull TimeZoneId divisionTimezone,
        @Nullable DisplayName divisionName,
        @Nullable Boolean isPartner) {

    NewOrganisation toNewOrganisation(ExternalId externalId) {
        return new CreateOrganisationRequest(
                        organisationName, country, divisionTimezone, divisionName, externalId, isPartner)
                .toNewOrganisation();
    }
}
