package dev.offshoot.api.partner;

import dev.offshoot.api.read.BodyReader;
import dev.offshoot.failure.Problem;
import dev.offshoot.organisation.OrganisationChange;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.ExternalId;
import dev.offshoot.value.Patch;

/** The body of an update: at least one of two fields, and no other. */
final class UpdateOrganisationRequest {

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

    private UpdateOrganisationRequest() {}

    static OrganisationChange read(byte[] body) {
        var fields = BodyReader.of(body);
        var name = fields.textIfGiven("organisation_name", DisplayName::parse);
        var externalId = fields.optionalText("partner_external_id", ExternalId::parse);
        fields.readOnly(READ_ONLY);
        if (fields.isEmpty()) {
            fields.refuse("body", Problem.Bare.NOTHING_GIVEN);
        }
        var clears = fields.has("partner_external_id");
        return fields.finish(() -> OrganisationChange.of(
                name.map(Patch::to).orElse(Patch.none()), clears ? Patch.to(externalId.orElse(null)) : Patch.none()));
    }
}
