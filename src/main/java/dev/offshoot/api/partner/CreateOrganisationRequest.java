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
 * The body of a call that creates an organisation. A null counts as an absent field.
 *
 * @param divisionName if absent, the organisation's name
 * @param isPartner if absent, false
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
