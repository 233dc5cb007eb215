package dev.offshoot.api.partner;

import dev.offshoot.api.read.BodyReader;
import dev.offshoot.organisation.CountryCode;
import dev.offshoot.organisation.NewOrganisation;
import dev.offshoot.organisation.TimeZoneId;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.ExternalId;

/** The body of a creation. A null is an absent field. */
final class CreateOrganisationRequest {

    private CreateOrganisationRequest() {}

    static NewOrganisation read(byte[] body) {
        var fields = BodyReader.of(body);
        var name = fields.requiredText("organisation_name", DisplayName::parse);
        var country = fields.requiredText("country", CountryCode::parse);
        var timeZone = fields.requiredText("division_timezone", TimeZoneId::parse);
        var divisionName = fields.optionalText("division_name", DisplayName::parse);
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
