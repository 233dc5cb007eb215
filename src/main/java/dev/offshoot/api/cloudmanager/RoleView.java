package dev.offshoot.api.cloudmanager;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** A role that somebody has in an organisation. */
@RegisterForReflection
public record RoleView(String orgId, String roleName) {}
