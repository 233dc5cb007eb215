package dev.offshoot.organisation;

import dev.offshoot.value.ExternalId;
import dev.offshoot.value.OrgId;

/** By what an organisation is asked for: its own id, or the external id that its parent gave it. */
public sealed interface OrganisationRef {

    record ById(OrgId id) implements OrganisationRef {}

    /** A live direct child of the organisation at the scope's top. */
    record ByExternalId(ExternalId externalId) implements OrganisationRef {}

    static OrganisationRef to(OrgId id) {
        return new ById(id);
    }

    /** What the text calls an organisation; a text that is neither kind of id calls none. */
    static OrganisationRef of(String text) {
        return ExternalId.parse(text)
                .toOptional()
                .<OrganisationRef>map(ByExternalId::new)
                .orElseGet(() -> to(OrgId.of(text)));
    }
}
