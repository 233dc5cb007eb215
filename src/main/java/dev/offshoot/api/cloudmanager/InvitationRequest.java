package dev.offshoot.api.cloudmanager;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.offshoot.apikey.Caller;
import dev.offshoot.invitation.InvitationRole;
import dev.offshoot.invitation.NewInvitation;
import dev.offshoot.value.EmailAddress;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body that invites a person, or changes the invitation of one.
 *
 * @param teamIds changes nothing: there are no teams
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
record InvitationRequest(
        @NotNull EmailAddress username,
        @NotNull @Size(min = 1, max = 1000) List<InvitationRole> roles,
        @Size(max = 1000) @Nullable List<String> teamIds) {

    NewInvitation toNewInvitation(Caller by) {
        return new NewInvitation(username, roles, by.key(), by.scope().depth());
    }
}
