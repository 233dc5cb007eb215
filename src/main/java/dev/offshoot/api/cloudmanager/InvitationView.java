package dev.offshoot.api.cloudmanager;

import dev.offshoot.invitation.Invitation;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.value.KeyId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;

/**
 * An invitation as the Cloud Manager API shows it.
 *
 * @param inviterUsername the id of the key that invited, or {@link #ABOVE}
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

    /** In the place of a key that is of an organisation above the reader's: for the reader there is no such key. */
    private static final String ABOVE = "PARENT_ORGANIZATION";

    static InvitationView of(Organisation organisation, Invitation invitation, OrgScope reader) {
        return new InvitationView(
                invitation.createdAt(),
                invitation.expiresAt(),
                invitation.invitation().toHexString(),
                invitation.inviterIn(reader).map(KeyId::value).orElse(ABOVE),
                organisation.id().toString(),
                organisation.name(),
                invitation.roles().stream().map(Enum::name).toList(),
                List.of(),
                invitation.username());
    }
}
