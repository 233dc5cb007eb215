package dev.offshoot.organisation;

/** Where an organisation is, which is what a child is given when nothing else is said. */
public record OrganisationLocale(CountryCode country, TimeZoneId timeZone) {}
