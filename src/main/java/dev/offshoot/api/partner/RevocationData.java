package dev.offshoot.api.partner;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The data of the answer that revokes many keys: how many were revoked. */
public record RevocationData(
        @JsonProperty("revoked_api_keys") long revokedApiKeys) {}
