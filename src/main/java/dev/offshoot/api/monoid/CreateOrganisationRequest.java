package dev.offshoot.api.monoid;

import dev.offshoot.apikey.Caller;
import dev.offshoot.organisation.NewOrganisation;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.ExternalId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/**
 * The body of a creation.
 *
 * @param id the caller's own identifier
 */
@RegisterForReflection
record CreateOrganisationRequest(
        @Nullable ExternalId id, @NotNull DisplayName name) {

    NewOrganisation toNewOrganisation(Caller caller) {
        return NewOrganisation.at(caller.locale(), name, id);
    }
}
