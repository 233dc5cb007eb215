package dev.offshoot.api.partner;

import dev.offshoot.organisation.CountryCode;
import dev.offshoot.organisation.NewOrganisation;
import dev.offshoot.organisation.TimeZoneId;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.ExternalId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of a creation. A null is an absent field.
 *
 * @param divisionName the organisation's name where it is absent
 * @param isPartner false where it is absent
 */
@RegisterForReflection
record CreateOrganisationRequest(
        @NotNull DisplayName organisationName,
        @NotNull CountryCode country,
        @NotNull TimeZoneId divisionTimezone,
        @Nullable DisplayName divisionName,
        @Nullable ExternalId partnerExternalId,
        @Nullable Boolean isPartner) {

    NewOrganisation toNewOrganisation() {
        return new NewOrganisation(
                organisationName,
                country,
                Objects.requireNonNullElse(divisionName, organisationName),
                divisionTimezone,
                partnerExternalId,
                Boolean.TRUE.equals(isPartner));
    }
}
