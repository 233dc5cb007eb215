package dev.offshoot.api.partner;

import dev.offshoot.failure.Violation;
import dev.offshoot.organisation.OrganisationRef;
import dev.offshoot.value.ExternalId;
import dev.offshoot.value.OrgId;
import dev.offshoot.value.Parsed;
import java.util.List;

/**
 * The external id that a path names. The framework makes it by {@link #fromString}. A text that is no external id is
 * nobody's: a look-up finds nothing, and a creation is refused.
 */
public record ExternalIdInPath(Parsed<ExternalId> parsed) {
    static final String NAME = "partner_external_id";

    public static ExternalIdInPath fromString(String text) {
        return new ExternalIdInPath(ExternalId.parse(text));
    }

    OrganisationRef toRef() {
        return parsed.toOptional()
                .<OrganisationRef>map(OrganisationRef.ByExternalId::new)
                .orElseGet(() -> OrganisationRef.to(OrgId.NOWHERE));
    }

    List<Violation> violations() {
        return parsed instanceof Parsed.Bad<ExternalId> bad ? List.of(bad.of(NAME)) : List.of();
    }

    /** The id, if there are no {@link #violations}. */
    ExternalId required() {
        return parsed.toOptional().orElseThrow();
    }
}
