package dev.offshoot.api.partner;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.offshoot.apikey.AccessEntry;
import dev.offshoot.apikey.ApiKey;
import dev.offshoot.apikey.Role;
import dev.offshoot.provisioning.KeyMinting.Minted;
import dev.offshoot.value.AddressRange;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An API key as the Partner API shows it.
 *
 * @param organisationId the key's organisation; present only in lists of several organisations' keys
 * @param lastUsedAt at most a minute old, like {@code lastUsedFrom}
 * @param allowedIps empty if the key works from everywhere
 * @param secret the key itself; present only in the answer that minted it
 */
public record KeyView(
        @JsonProperty("key_id") String keyId,

        @JsonProperty("organisation_id") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        String organisationId,

        String name,
        List<String> roles,
        String hint,

        @JsonProperty("created_at") Instant createdAt,

        @JsonProperty("last_used_at") @Nullable Instant lastUsedAt,

        @JsonProperty("last_used_from") @Nullable String lastUsedFrom,

        @JsonProperty("expires_at") @Nullable Instant expiresAt,

        @JsonProperty("allowed_ips") List<String> allowedIps,

        @JsonProperty("revoked_at") @Nullable Instant revokedAt,

        @JsonProperty("api_key") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        String secret) {

    static KeyView of(ApiKey key) {
        return of(key, null, null);
    }

    static KeyView withOrganisation(ApiKey key) {
        return of(key, key.organisation().toString(), null);
    }

    static KeyView of(Minted minted) {
        return of(minted.key(), null, minted.secret().reveal());
    }

    /** The roles as clients write them. */
    static List<String> texts(Collection<Role> roles) {
        return roles.stream().sorted().map(Role::text).toList();
    }

    @Override
    public String toString() {
        return "KeyView[" + keyId + "]";
    }

    private static KeyView of(ApiKey key, @Nullable String organisationId, @Nullable String secret) {
        return new KeyView(
                key.id().value(),
                organisationId,
                key.name(),
                texts(key.roles()),
                key.hint(),
                key.createdAt(),
                key.lastUsedAt(),
                key.lastUsedFrom(),
                key.end().orElse(null),
                key.accessEntries().stream()
                        .map(AccessEntry::addresses)
                        .map(AddressRange::shortText)
                        .toList(),
                key.revokedAt(),
                secret);
    }
}
