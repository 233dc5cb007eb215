package dev.offshoot.api.partner;

import dev.offshoot.value.OrgId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;

/** The body of a call that revokes the keys of an organisation and everything beneath it. */
@RegisterForReflection
record RevokeKeysRequest(@NotNull OrgId organisationId) {}
