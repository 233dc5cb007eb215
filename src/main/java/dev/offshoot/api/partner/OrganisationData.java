package dev.offshoot.api.partner;

/** The data of the answers about one organisation. */
public record OrganisationData(OrganisationView organisation) {}
