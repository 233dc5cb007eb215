package dev.offshoot.organisation;

import dev.offshoot.value.ExternalId;
import dev.offshoot.value.OrgId;

/** How a caller refers to an organisation: by its own id, or by the external id that its parent gave it. */
public sealed interface OrganisationRef {

    record ById(OrgId id) implements OrganisationRef {}

    /** Refers to a live direct child of the organisation at the scope's top. */
    record ByExternalId(ExternalId externalId) implements OrganisationRef {}

    static OrganisationRef to(OrgId id) {
        return new ById(id);
    }

    /** Reads a reference. A text that is neither kind of id refers to no organisation. */
    static OrganisationRef of(String text) {
        return ExternalId.parse(text)
                .toOptional()
                .<OrganisationRef>map(ByExternalId::new)
                .orElseGet(() -> to(OrgId.of(text)));
    }
}
