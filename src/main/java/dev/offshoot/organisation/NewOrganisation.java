package dev.offshoot.organisation;

import dev.offshoot.value.DisplayName;
import dev.offshoot.value.ExternalId;
import org.jspecify.annotations.Nullable;

/** What a caller says of an organisation to be created beneath its own. */
public record NewOrganisation(
        DisplayName name,
        CountryCode country,
        DisplayName divisionName,
        TimeZoneId timeZone,
        @Nullable ExternalId externalId,
        boolean partner) {
    /** One of which no more is said than its name: it is where its parent is, and is no partner. */
    public static NewOrganisation at(OrganisationLocale locale, DisplayName name, @Nullable ExternalId externalId) {
        return new NewOrganisation(name, locale.country(), name, locale.timeZone(), externalId, false);
    }
}
