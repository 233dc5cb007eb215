package dev.offshoot.provisioning;

import dev.offshoot.member.MembershipSlots;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.scope.Located;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.task.BacklogEntry;
import dev.offshoot.task.BatchResult;
import dev.offshoot.task.PendingTasks;
import dev.offshoot.task.TaskHandler;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Runs the pending tasks of organisations: confirmations, cascades, additions and removals of members. */
@Singleton
class OrganisationTaskHandler implements TaskHandler {
    private static final int BATCH = 500;

    private final OrganisationRepository organisations;
    private final Confirmation confirmation;
    private final Cascade cascade;
    private final MembershipSlots slots;
    private final Clock clock;

    OrganisationTaskHandler(
            OrganisationRepository organisations,
            Confirmation confirmation,
            Cascade cascade,
            MembershipSlots slots,
            Clock clock) {
        this.organisations = organisations;
        this.confirmation = confirmation;
        this.cascade = cascade;
        this.slots = slots;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "organisation-tasks";
    }

    @Override
    public Uni<BatchResult> runDue(Instant dueBy) {
        return organisations.dueTasks(dueBy, BATCH).chain(due -> runEach(due, found -> run(found, dueBy)));
    }

    @Override
    public Uni<List<BacklogEntry>> backlog(int limit) {
        return organisations
                .pendingTasks(clock.instant(), limit)
                .map(all -> all.stream().flatMap(PendingTasks::backlog).toList());
    }

    /**
     * The confirmation runs first. It also applies the deletions that it finds to everything beneath the organisation.
     */
    private Uni<Void> run(Located<Organisation> due, Instant dueBy) {
        var organisation = due.record();
        return confirmation
                .confirm(due.scope(), organisation)
                .chain(() -> cascade(due.scope(), organisation))
                .chain(() -> slots.runDue(due.scope(), organisation, dueBy));
    }

    private Uni<Void> cascade(OrgScope scope, Organisation organisation) {
        return organisation.deleted()
                ? cascade.complete(scope, organisation)
                : Uni.createFrom().voidItem();
    }
}
