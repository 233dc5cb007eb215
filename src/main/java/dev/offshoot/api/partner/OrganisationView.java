package dev.offshoot.api.partner;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.provisioning.Creation;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An organisation as the Partner API shows it: these fields and no others. */
@Schema(name = "Organisation")
public record OrganisationView(
        @Schema(required = true, pattern = "^[a-f\\d]{24}$", examples = "65f0c3a1b2d4e6f708192a3b")
        @JsonProperty("organisation_id")
        String id,

        @Schema(
                required = true,
                description = "Unique in the installation, stable for life, safe in a URL.",
                pattern = "^[a-z0-9-]+$",
                examples = "example-child-organisation-4k2m9x0q7t1z")
        @JsonProperty("organisation_key")
        String key,

        @Schema(required = true, minLength = 1, maxLength = 256, examples = "Example Child Organisation")
        @JsonProperty("organisation_name")
        String name,

        @Schema(required = true, description = "ISO 3166-1 alpha-2.", pattern = "^[A-Z]{2}$", examples = "GB")
        String country,

        @Schema(required = true, pattern = "^[a-z0-9-]+$", examples = "headquarters-0c8v5n3b1m6z")
        @JsonProperty("division_key")
        String divisionKey,

        @Schema(required = true, description = "The partner's own identifier.", examples = "customer-12345")
        @JsonProperty("partner_external_id")
        @Nullable
        String externalId,

        @Schema(required = true, description = "Whether it may own organisations itself.") @JsonProperty("is_partner")
        boolean partner,

        @Schema(required = true, description = "Null while it is live.") @JsonProperty("deleted_at") @Nullable
        Instant deletedAt,

        @Schema(required = true) @JsonProperty("created_at") Instant createdAt,
        @Schema(required = true) @JsonProperty("updated_at") Instant updatedAt,

        @Schema(description = "A standard key of the new organisation. Shown in this one answer only.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @JsonProperty("organisation_api_key")
        @Nullable
        String organisationApiKey,

        @Schema(description = "A partner key of the new partner. Shown in this one answer only.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @JsonProperty("partner_api_key")
        @Nullable
        String partnerApiKey) {

    static OrganisationView of(Organisation organisation) {
        return of(organisation, null, null);
    }

    static OrganisationView of(Creation.Created created) {
        return of(
                created.organisation(),
                created.key().reveal(),
                created.partnerKey().map(KeySecret::reveal).orElse(null));
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
