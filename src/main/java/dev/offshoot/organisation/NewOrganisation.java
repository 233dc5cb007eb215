package dev.offshoot.organisation;

import dev.offshoot.value.DisplayName;
import dev.offshoot.value.ExternalId;
import org.jspecify.annotations.Nullable;

/** The attributes that a caller gives to a new organisation beneath its own. */
public record NewOrganisation(
        DisplayName name,
        CountryCode country,
        DisplayName divisionName,
        TimeZoneId timeZone,
        @Nullable ExternalId externalId,
        boolean partner) {
    /**
     * A new organisation with only a name and perhaps an external id: it has the country and time zone of its parent,
     * and is not a partner.
     */
    public static NewOrganisation at(OrganisationLocale locale, DisplayName name, @Nullable ExternalId externalId) {
        return new NewOrganisation(name, locale.country(), name, locale.timeZone(), externalId, false);
    }
}
