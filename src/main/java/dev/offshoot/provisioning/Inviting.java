package dev.offshoot.provisioning;

import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;
import dev.offshoot.invitation.Invitation;
import dev.offshoot.invitation.InvitationRepository;
import dev.offshoot.invitation.Invitations;
import dev.offshoot.invitation.NewInvitation;
import dev.offshoot.member.Members;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.task.Steps;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/**
 * Invites a person who is no member. The commit point is the insert of the invitation. It is confirmed afterwards:
 * adding a member inserts the member first and then ends its invitation, so that one of the two sees the other.
 */
@Singleton
public class Inviting {
    private final Invitations invitations;
    private final InvitationRepository repository;
    private final Members members;

    Inviting(Invitations invitations, InvitationRepository repository, Members members) {
        this.invitations = invitations;
        this.repository = repository;
        this.members = members;
    }

    /**
     * The invitation. Fails with {@link Failure.InvitationExists}, {@link Failure.MemberExists} or
     * {@link Failure.LimitExceeded}.
     *
     * @param organisation was just read
     */
    public Uni<Invitation> invite(OrgScope scope, Organisation organisation, NewInvitation wanted) {
        var key = wanted.username().searchKey();
        return Uni.createFrom()
                .deferred(() -> invitations.add(scope, organisation, wanted))
                .onFailure(Inviting::isLimit)
                .recoverWithUni(limit -> requireNoMember(scope, organisation, key)
                        .onItem()
                        .transformToUni(none -> Uni.createFrom().failure(limit)))
                .call(invitation -> confirm(scope, organisation, invitation).invoke(Inviting::require));
    }

    /** Takes the invitation back where the person is a member, and completes its task; false where it was taken back. */
    Uni<Boolean> confirm(OrgScope scope, Organisation organisation, Invitation invitation) {
        return members.hasEmail(scope, organisation, invitation.usernameKey())
                .call(isMember -> isMember
                        ? repository.remove(scope, invitation)
                        : Steps.each(invitation.tasks(), task -> repository.complete(scope, invitation.id(), task)))
                .map(isMember -> !isMember);
    }

    /** A member is refused as one, whatever else speaks against the invitation. */
    private Uni<Void> requireNoMember(OrgScope scope, Organisation organisation, String emailKey) {
        return members.hasEmail(scope, organisation, emailKey)
                .invoke(isMember -> require(!isMember))
                .replaceWithVoid();
    }

    private static void require(boolean confirmed) {
        if (!confirmed) {
            throw new Failure.MemberExists().asException();
        }
    }

    private static boolean isLimit(Throwable thrown) {
        return thrown instanceof FailureException expected && expected.failure() instanceof Failure.LimitExceeded;
    }
}
