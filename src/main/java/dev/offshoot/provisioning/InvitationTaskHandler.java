package dev.offshoot.provisioning;

import dev.offshoot.invitation.Invitation;
import dev.offshoot.invitation.InvitationRepository;
import dev.offshoot.organisation.OrganisationRef;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.scope.Located;
import dev.offshoot.task.BacklogEntry;
import dev.offshoot.task.BatchResult;
import dev.offshoot.task.PendingTasks;
import dev.offshoot.task.TaskHandler;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** The pending confirmations of invitations, where a request was cut off. */
@Singleton
class InvitationTaskHandler implements TaskHandler {
    private static final int BATCH = 500;

    private final InvitationRepository invitations;
    private final OrganisationRepository organisations;
    private final Inviting inviting;
    private final Clock clock;

    InvitationTaskHandler(
            InvitationRepository invitations, OrganisationRepository organisations, Inviting inviting, Clock clock) {
        this.invitations = invitations;
        this.organisations = organisations;
        this.inviting = inviting;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "confirm-invitations";
    }

    @Override
    public Uni<BatchResult> runDue(Instant dueBy) {
        return invitations.dueTasks(dueBy, BATCH).chain(due -> runEach(due, this::confirm));
    }

    @Override
    public Uni<List<BacklogEntry>> backlog(int limit) {
        return invitations
                .pendingTasks(clock.instant(), limit)
                .map(all -> all.stream().flatMap(PendingTasks::backlog).toList());
    }

    private Uni<Void> confirm(Located<Invitation> due) {
        var invitation = due.record();
        return organisations
                .find(due.scope(), OrganisationRef.to(invitation.organisation()), true)
                .chain(found -> found.isPresent()
                        ? inviting.confirm(due.scope(), found.get(), invitation).replaceWithVoid()
                        : invitations.remove(due.scope(), invitation));
    }
}
