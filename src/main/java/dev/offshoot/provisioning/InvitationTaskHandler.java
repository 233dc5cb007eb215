package dev.offshoot.provisioning;

import dev.offshoot.invitation.Invitation;
import dev.offshoot.invitation.InvitationRepository;
import dev.offshoot.organisation.OrganisationRef;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.scope.Located;
import dev.offshoot.task.PendingTask;
import dev.offshoot.task.RecordTaskHandler;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/** Runs the pending confirmations of invitations whose request was cut off. */
@Singleton
class InvitationTaskHandler extends RecordTaskHandler<Invitation, String> {
    private final InvitationRepository invitations;
    private final OrganisationRepository organisations;
    private final Inviting inviting;

    InvitationTaskHandler(InvitationRepository invitations, OrganisationRepository organisations, Inviting inviting) {
        super(invitations);
        this.invitations = invitations;
        this.organisations = organisations;
        this.inviting = inviting;
    }

    @Override
    public String name() {
        return "confirm-invitations";
    }

    @Override
    protected Uni<Void> run(Located<Invitation> due, PendingTask task) {
        var invitation = due.record();
        return organisations
                .find(due.scope(), OrganisationRef.to(invitation.organisation()), true)
                .chain(found -> found.isPresent()
                        ? inviting.confirm(due.scope(), found.get(), invitation).replaceWithVoid()
                        : invitations.remove(due.scope(), invitation));
    }
}
