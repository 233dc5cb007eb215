package dev.offshoot.api.cloudmanager;

import dev.offshoot.invitation.Invitation;
import dev.offshoot.organisation.Organisation;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;

/**
 * An invitation as the Cloud Manager API shows it.
 *
 * @param inviterUsername the id of the key that invited
 * @param teamIds empty: there are no teams
 */
@RegisterForReflection
public record InvitationView(
        Instant createdAt,
        Instant expiresAt,
        String id,
        String inviterUsername,
        String orgId,
        String orgName,
        List<String> roles,
        List<String> teamIds,
        String username) {

    static InvitationView of(Organisation organisation, Invitation invitation) {
        return new InvitationView(
                invitation.createdAt(),
                invitation.expiresAt(),
                invitation.invitation().toHexString(),
                invitation.by().value(),
                organisation.id().toString(),
                organisation.name(),
                invitation.roles().stream().map(Enum::name).toList(),
                List.of(),
                invitation.username());
    }
}
