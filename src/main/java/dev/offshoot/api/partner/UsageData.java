package dev.offshoot.api.partner;

/** The data of calls that read usage. */
public record UsageData(UsageView usage) {}
