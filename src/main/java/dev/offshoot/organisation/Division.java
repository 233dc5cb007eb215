package dev.offshoot.organisation;

/** The one division that an organisation is made with. Its name and zone are stored and never returned. */
public record Division(String key, String name, String timezone) {}
