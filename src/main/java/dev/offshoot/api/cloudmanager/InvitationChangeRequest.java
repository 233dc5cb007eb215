package dev.offshoot.api.cloudmanager;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.offshoot.invitation.InvitationRole;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body that changes an invitation that the path names.
 *
 * @param teamIds changes nothing: there are no teams
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
record InvitationChangeRequest(
        @NotNull @Size(min = 1, max = 1000) List<InvitationRole> roles,
        @Size(max = 1000) @Nullable List<String> teamIds) {}
