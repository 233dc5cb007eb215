package dev.offshoot.api.partner;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.offshoot.api.BodyReader;
import dev.offshoot.failure.Problem;
import dev.offshoot.organisation.Change;
import dev.offshoot.organisation.ExternalId;
import dev.offshoot.organisation.OrganisationChange;
import dev.offshoot.organisation.OrganisationName;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of an update: at least one of two fields, and no other. */
@Schema(name = "UpdateOrganisation", minProperties = 1, additionalProperties = Schema.False.class)
public record UpdateOrganisationRequest(
        @Schema(minLength = 1, maxLength = 256, examples = "Example Child Organisation Ltd")
        @JsonProperty("organisation_name")
        @Nullable
        String name,

        @Schema(
                description = "Null clears it.",
                nullable = true,
                minLength = 1,
                maxLength = 255,
                examples = "customer-12345")
        @JsonProperty("partner_external_id")
        @Nullable
        String externalId) {

    private static final String[] READ_ONLY = {
        "organisation_id",
        "organisation_key",
        "country",
        "division_key",
        "division_name",
        "division_timezone",
        "divisions",
        "is_partner",
        "location",
        "shard_key",
        "deleted_at",
        "created_at",
        "updated_at"
    };

    static OrganisationChange read(byte[] body) {
        var fields = BodyReader.of(body);
        var name = fields.textIfGiven("organisation_name", OrganisationName::parse);
        var externalId = fields.optionalText("partner_external_id", ExternalId::parse);
        fields.readOnly(READ_ONLY);
        if (fields.isEmpty()) {
            fields.refuse("body", Problem.Bare.NOTHING_GIVEN);
        }
        var clears = fields.has("partner_external_id");
        return fields.finish(() -> new OrganisationChange(
                name.map(Change::to).orElse(Change.none()),
                clears ? Change.to(externalId.orElse(null)) : Change.none()));
    }
}
