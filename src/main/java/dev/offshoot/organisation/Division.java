package dev.offshoot.organisation;

/** The one division that an organisation is created with. Its name and time zone are stored and never returned. */
public record Division(String key, String name, String timezone) {}
