package dev.offshoot.organisation;

import org.jspecify.annotations.Nullable;

/** What a caller says of an organisation to be created beneath its own. */
public record NewOrganisation(
        OrganisationName name,
        CountryCode country,
        OrganisationName divisionName,
        TimeZoneId timeZone,
        @Nullable ExternalId externalId,
        boolean partner) {
    /** One of which no more is said than its name: it is where its parent is, and is no partner. */
    public static NewOrganisation at(Home home, OrganisationName name, @Nullable ExternalId externalId) {
        return new NewOrganisation(name, home.country(), name, home.timeZone(), externalId, false);
    }
}
