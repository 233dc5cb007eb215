package dev.offshoot.api.partner;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.offshoot.api.BodyReader;
import dev.offshoot.organisation.CountryCode;
import dev.offshoot.organisation.ExternalId;
import dev.offshoot.organisation.NewOrganisation;
import dev.offshoot.organisation.OrganisationName;
import dev.offshoot.organisation.TimeZoneId;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of a creation, as it is described to clients and as it is read. A null is an absent field. */
@Schema(name = "CreateOrganisation", additionalProperties = Schema.False.class)
public record CreateOrganisationRequest(
        @Schema(required = true, minLength = 1, maxLength = 256, examples = "Example Child Organisation")
        @JsonProperty("organisation_name")
        String name,

        @Schema(
                required = true,
                description = "An assigned ISO 3166-1 alpha-2 code, in either case.",
                minLength = 2,
                maxLength = 2,
                pattern = "^[A-Za-z]{2}$",
                examples = "GB")
        String country,

        @Schema(
                required = true,
                description = "The id of an IANA time zone.",
                minLength = 1,
                examples = "Europe/London")
        @JsonProperty("division_timezone")
        String timeZone,

        @Schema(
                description = "The name of the initial division; the organisation's name when absent.",
                minLength = 1,
                maxLength = 256,
                examples = "Headquarters")
        @JsonProperty("division_name")
        @Nullable
        String divisionName,

        @Schema(
                description = "The partner's own identifier, unique among its live organisations.",
                minLength = 1,
                maxLength = 255,
                examples = "customer-12345")
        @JsonProperty("partner_external_id")
        @Nullable
        String externalId,

        @Schema(description = "Whether it may own organisations itself; for good.", defaultValue = "false")
        @JsonProperty("is_partner")
        @Nullable
        Boolean partner) {

    static NewOrganisation read(byte[] body) {
        var fields = BodyReader.of(body);
        var name = fields.requiredText("organisation_name", OrganisationName::parse);
        var country = fields.requiredText("country", CountryCode::parse);
        var timeZone = fields.requiredText("division_timezone", TimeZoneId::parse);
        var divisionName = fields.optionalText("division_name", OrganisationName::parse);
        var externalId = fields.optionalText("partner_external_id", ExternalId::parse);
        var partner = fields.optionalFlag("is_partner");
        return fields.finish(() -> new NewOrganisation(
                name.orElseThrow(),
                country.orElseThrow(),
                divisionName.or(() -> name).orElseThrow(),
                timeZone.orElseThrow(),
                externalId.orElse(null),
                partner));
    }
}
