package dev.offshoot.api.partner;

import dev.offshoot.value.OrgId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;

/** The body that revokes all keys of an organisation and beneath it. */
@RegisterForReflection
record RevokeKeysRequest(@NotNull OrgId organisationId) {}
