package dev.offshoot.api.partner;

/** The data of calls about one organisation. */
public record OrganisationData(OrganisationView organisation) {}
