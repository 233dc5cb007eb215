package dev.offshoot.api.partner;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The data of calls that read usage. */
public record UsageData(@Schema(required = true) UsageView usage) {}
