package dev.offshoot.provisioning;

import dev.offshoot.member.MembershipSlots;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.scope.Located;
import dev.offshoot.task.PendingTask;
import dev.offshoot.task.RecordTaskHandler;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/** Runs the pending tasks of organisations: confirmations, cascades, additions and removals of members. */
@Singleton
class OrganisationTaskHandler extends RecordTaskHandler<Organisation, OrgId> {
    private final OrganisationRepository organisations;
    private final Confirmation confirmation;
    private final Cascade cascade;
    private final MembershipSlots slots;

    OrganisationTaskHandler(
            OrganisationRepository organisations, Confirmation confirmation, Cascade cascade, MembershipSlots slots) {
        super(organisations);
        this.organisations = organisations;
        this.confirmation = confirmation;
        this.cascade = cascade;
        this.slots = slots;
    }

    @Override
    public String name() {
        return "organisation-tasks";
    }

    @Override
    protected Uni<Void> run(Located<Organisation> due, PendingTask task) {
        return switch (task.type()) {
            case CONFIRM -> confirmation.confirm(due.scope(), due.record());
            case CASCADE -> cascade.complete(due.scope(), due.record(), task);
            case MEMBER_ADDITION -> slots.completeAddition(due.scope(), due.record(), task);
            case MEMBER_REMOVAL -> slots.finish(due.scope(), due.record().id(), task);
            case ANSWER -> organisations.forgetChange(due.scope(), due.record().id(), task);
            case USAGE_DAYS, USAGE_MONTHS, USAGE_CLOSINGS ->
                throw new IllegalStateException("not a task of an organisation: " + task);
        };
    }
}
