package dev.offshoot.usage;

import dev.offshoot.value.OrgId;

/**
 * One row of a breakdown by children: the organisation itself without its children, or a child with everything beneath
 * it.
 */
public record ChildUsage(OrgId organisation, UsageFigures figures) {}
