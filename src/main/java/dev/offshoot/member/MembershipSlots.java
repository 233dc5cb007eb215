package dev.offshoot.member;

import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;
import dev.offshoot.invitation.Invitations;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRef;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.organisation.Organisations;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.ScopedRepository;
import dev.offshoot.task.PendingTask;
import dev.offshoot.task.Steps;
import dev.offshoot.task.TaskType;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Objects;
import java.util.stream.Collectors;
import org.bson.types.ObjectId;

/**
 * Adds and removes members in steps that are one conditional write each, with the rest pending on the organisation. Adding:
 * reserve a slot, insert the member's record, end its invitation, confirm the slot. Removing: decide it, then remove the record. An addition
 * that was cut off is confirmed when the record is there, and its slot released when it is not. Every step changes the
 * organisation's revision, so that nothing is decided by what was read before it.
 */
@Singleton
public class MembershipSlots {
    /** How many members an organisation may have. */
    public static final int MAX_MEMBERS = 10_000;

    /** How many of them may be owners. */
    public static final int MAX_OWNERS = 100;

    private final Organisations organisations;
    private final OrganisationRepository repository;
    private final MemberRepository members;
    private final Invitations invitations;
    private final Clock clock;

    MembershipSlots(
            Organisations organisations,
            OrganisationRepository repository,
            MemberRepository members,
            Invitations invitations,
            Clock clock) {
        this.organisations = organisations;
        this.repository = repository;
        this.members = members;
        this.invitations = invitations;
        this.clock = clock;
    }

    /** Adds a new member; fails with {@link Failure.MemberExists} or {@link Failure.LimitExceeded}. */
    Uni<Member> add(OrgScope scope, Organisation organisation, Member member) {
        if (member.role() == MemberRole.OWNER && organisation.ownerCount() >= MAX_OWNERS) {
            return refuse(scope, organisation, member, tooManyOwners());
        }
        var addition = PendingTask.memberAddition(clock.instant(), member.membership());
        return finishRemovals(scope, organisation)
                .chain(() -> repository.reserveSlot(scope, organisation.id(), addition, MAX_MEMBERS))
                .chain(reserved -> reserved ? Uni.createFrom().voidItem() : explain(scope, organisation, member))
                .chain(() -> insert(scope, organisation, member, addition))
                .chain(() -> confirm(scope, member, addition));
    }

    /** Confirms, or withdraws, the addition of a member whose record was found, where another request has begun it. */
    Uni<Void> confirmPending(OrgScope scope, Organisation organisation, Member member) {
        return Steps.each(
                organisation.tasks(TaskType.MEMBER_ADDITION).stream()
                        .filter(addition -> member.membership().equals(addition.subject()))
                        .toList(),
                addition -> confirmOrWithdraw(scope, member, addition).replaceWithVoid());
    }

    /** As {@link #confirmPending} for all additions whose records are there; whether there was one. */
    Uni<Boolean> confirmAllPending(OrgScope scope, Organisation organisation) {
        return Multi.createFrom()
                .iterable(organisation.tasks(TaskType.MEMBER_ADDITION))
                .onItem()
                .transformToUniAndConcatenate(addition -> confirmIfThere(scope, organisation, addition))
                .collect()
                .with(Collectors.reducing(false, Boolean::logicalOr));
    }

    /** The removal's second step: removes the record and completes the task. */
    public Uni<Void> finish(OrgScope scope, OrgId organisation, PendingTask removal) {
        return members.remove(scope, organisation, subject(removal))
                .chain(() -> repository.complete(scope, organisation, removal));
    }

    /** Completes an addition that was cut off: confirms it if the record is there, and releases the slot if not. */
    public Uni<Void> completeAddition(OrgScope scope, Organisation organisation, PendingTask addition) {
        return confirmIfThere(scope, organisation, addition)
                .chain(there -> there
                        ? Uni.createFrom().voidItem()
                        : repository.releaseSlot(scope, organisation.id(), addition));
    }

    /** False when the record is not there, or not yet. */
    private Uni<Boolean> confirmIfThere(OrgScope scope, Organisation organisation, PendingTask addition) {
        return members.find(scope, organisation.id(), subject(addition))
                .chain(found -> found.isPresent()
                        ? confirmOrWithdraw(scope, found.get(), addition)
                        : Uni.createFrom().item(false));
    }

    private Uni<Boolean> confirmOrWithdraw(OrgScope scope, Member member, PendingTask addition) {
        return confirm(scope, member, addition)
                .replaceWith(true)
                .onFailure(FailureException.class)
                .recoverWithItem(true);
    }

    private Uni<Void> finishRemovals(OrgScope scope, Organisation organisation) {
        return Steps.each(
                organisation.tasks(TaskType.MEMBER_REMOVAL), removal -> finish(scope, organisation.id(), removal));
    }

    /** Why there was no slot: the organisation is gone, or full. */
    private Uni<Void> explain(OrgScope scope, Organisation organisation, Member member) {
        return organisations
                .get(scope, OrganisationRef.to(organisation.id()))
                .chain(full -> refuse(scope, full, member, tooMany(Failure.Limited.MEMBERS, MAX_MEMBERS)))
                .replaceWithVoid();
    }

    /** Who is a member already is told so, whatever else stands against it. */
    private Uni<Member> refuse(OrgScope scope, Organisation organisation, Member member, FailureException otherwise) {
        return members.find(scope, organisation, member.userId()).onItem().transformToUni(there -> Uni.createFrom()
                .failure(there.isPresent() ? new Failure.MemberExists().asException() : otherwise));
    }

    private Uni<Void> insert(OrgScope scope, Organisation organisation, Member member, PendingTask addition) {
        return members.insert(scope, member)
                .onFailure(ScopedRepository::isDuplicate)
                .recoverWithUni(taken -> repository
                        .releaseSlot(scope, organisation.id(), addition)
                        .chain(() -> confirmOther(scope, organisation, member))
                        .onItem()
                        .failWith(() -> new Failure.MemberExists().asException())
                        .replaceWithVoid());
    }

    /** The existing member may be left from an addition that was cut off. */
    private Uni<Void> confirmOther(OrgScope scope, Organisation organisation, Member member) {
        return members.find(scope, organisation, member.userId())
                .chain(other -> other.isPresent()
                        ? confirmPending(scope, organisation, other.get())
                        : Uni.createFrom().voidItem());
    }

    /** The person belongs to the organisation now. An invitation that is made at the same time finds the member's record. */
    Uni<Void> endInvitation(OrgScope scope, Member member) {
        var key = member.emailKey();
        return key == null ? Uni.createFrom().voidItem() : invitations.end(scope, member.organisation(), key);
    }

    private Uni<Member> confirm(OrgScope scope, Member member, PendingTask addition) {
        return endInvitation(scope, member).chain(() -> confirmSlot(scope, member, addition));
    }

    private Uni<Member> confirmSlot(OrgScope scope, Member member, PendingTask addition) {
        var confirmed = member.role() == MemberRole.OWNER
                ? repository.confirmOwnerSlot(scope, member.organisation(), addition, MAX_OWNERS)
                : repository.confirmSlot(scope, member.organisation(), addition);
        return confirmed.chain(done -> done ? Uni.createFrom().item(member) : unlessConfirmed(scope, member, addition));
    }

    /** Nothing matched: there are too many owners, or another request has confirmed or withdrawn the addition. */
    private Uni<Member> unlessConfirmed(OrgScope scope, Member member, PendingTask addition) {
        var removal = PendingTask.memberRemoval(clock.instant(), member.membership());
        return repository
                .withdrawSlot(scope, member.organisation(), addition, removal)
                .chain(withdrawn -> withdrawn
                        ? finish(scope, member.organisation(), removal)
                        : Uni.createFrom().voidItem())
                .chain(() -> members.find(scope, member.organisation(), member.membership()))
                .map(left -> left.orElseThrow(MembershipSlots::tooManyOwners));
    }

    static FailureException tooManyOwners() {
        return tooMany(Failure.Limited.OWNERS, MAX_OWNERS);
    }

    private static FailureException tooMany(Failure.Limited what, int limit) {
        return new Failure.LimitExceeded(what, limit).asException();
    }

    private static ObjectId subject(PendingTask task) {
        return Objects.requireNonNull(task.subject());
    }
}
