package dev.offshoot.organisation;

/** Where an organisation is, which is what a child is given when nothing else is said. */
public record Home(CountryCode country, TimeZoneId timeZone) {}
