package dev.offshoot.organisation;

/** The country and time zone of an organisation, which a child gets by default. */
public record OrganisationLocale(CountryCode country, TimeZoneId timeZone) {}
