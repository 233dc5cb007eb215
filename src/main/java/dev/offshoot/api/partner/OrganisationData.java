package dev.offshoot.api.partner;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The data of calls about one organisation. */
public record OrganisationData(@Schema(required = true) OrganisationView organisation) {}
