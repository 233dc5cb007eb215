package dev.offshoot.api.partner;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** The data of the answer that revokes many keys: how many were revoked. */
@RegisterForReflection
public record RevocationData(
        @JsonProperty("revoked_api_keys") long revokedApiKeys) {}
