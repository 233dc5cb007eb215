package dev.offshoot.api.partner;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.offshoot.apikey.Role;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.provisioning.Creation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An organisation as the Partner API shows it: these fields and no others. */
public record OrganisationView(
        @JsonProperty("organisation_id") String id,

        @JsonProperty("organisation_key") String key,

        @JsonProperty("organisation_name") String name,

        String country,

        @JsonProperty("division_key") String divisionKey,

        @JsonProperty("partner_external_id") @Nullable String externalId,

        @JsonProperty("is_partner") boolean partner,

        @JsonProperty("deleted_at") @Nullable Instant deletedAt,

        @JsonProperty("created_at") Instant createdAt,
        @JsonProperty("updated_at") Instant updatedAt,

        @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty("organisation_api_key") @Nullable
        String organisationApiKey,

        @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty("partner_api_key") @Nullable
        String partnerApiKey) {

    static OrganisationView of(Organisation organisation) {
        return of(organisation, null, null);
    }

    static OrganisationView of(Creation.Created created) {
        return of(created.organisation(), key(created, Role.STANDARD), key(created, Role.PARTNER));
    }

    private static @Nullable String key(Creation.Created created, Role role) {
        var secret = created.keys().get(role);
        return secret == null ? null : secret.reveal();
    }

    @Override
    public String toString() {
        return "OrganisationView[" + id + "]";
    }

    private static OrganisationView of(
            Organisation organisation, @Nullable String standardKey, @Nullable String partnerKey) {
        return new OrganisationView(
                organisation.id().toString(),
                organisation.organisationKey(),
                organisation.name(),
                organisation.country(),
                organisation.division().key(),
                organisation.externalId(),
                organisation.partner(),
                organisation.deletedAt(),
                organisation.createdAt(),
                organisation.updatedAt(),
                standardKey,
                partnerKey);
    }
}
