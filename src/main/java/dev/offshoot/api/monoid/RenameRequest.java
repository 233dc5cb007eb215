package dev.offshoot.api.monoid;

import dev.offshoot.failure.Failure;
import dev.offshoot.failure.Violation;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationChange;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.Patch;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.function.Function;

/**
 * The body of an update.
 *
 * @param id may be sent along as long as it is what it was
 */
@RegisterForReflection
record RenameRequest(
        Patch<@NotNull(message = Patch.NOT_NULL) String> id,
        @NotNull DisplayName name) {

    /** The change, which depends on what the caller calls the organisation. */
    Function<Organisation, OrganisationChange> toChange(OrgScope caller) {
        return organisation -> {
            requireSame("id", id, OrganisationView.idFor(caller, organisation));
            return OrganisationChange.rename(name);
        };
    }

    /** Fails with {@link Failure.Invalid} where an identifier was sent that is not the present one. */
    static void requireSame(String field, Patch<String> sent, String present) {
        if (sent.given() && !present.equals(sent.value())) {
            var changed = List.of(Violation.of(field, "can't be changed"));
            throw new Failure.Invalid(Failure.Source.BODY, changed).asException();
        }
    }
}
