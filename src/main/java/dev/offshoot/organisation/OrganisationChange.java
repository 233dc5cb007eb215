package dev.offshoot.organisation;

/** What may be changed of an organisation. Its name can't be cleared; its external id can. */
public record OrganisationChange(Change<OrganisationName> name, Change<ExternalId> externalId) {}
