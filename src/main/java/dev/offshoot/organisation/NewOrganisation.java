package dev.offshoot.organisation;

import org.jspecify.annotations.Nullable;

/** What a caller says of an organisation to be created beneath its own. */
public record NewOrganisation(
        OrganisationName name,
        CountryCode country,
        OrganisationName divisionName,
        TimeZoneId timeZone,
        @Nullable ExternalId externalId,
        boolean partner) {}
