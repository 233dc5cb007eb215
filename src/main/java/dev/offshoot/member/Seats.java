package dev.offshoot.member;

import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRef;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.organisation.Organisations;
import dev.offshoot.owed.Debtor;
import dev.offshoot.owed.Owed;
import dev.offshoot.scope.OrgId;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.ScopedRepository;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Collectors;
import org.bson.types.ObjectId;

/**
 * How members come and go, in steps of which each is one conditional write and what is left is owed by the organisation:
 * a seat is taken, the member's record inserted, the seat's taking confirmed; a removal is decided, and the record
 * removed. A coming that is cut off gives its seat back, or is confirmed when the record is there. Every step changes the
 * organisation's revision, so that nothing is decided by what was read before it.
 */
@Singleton
public class Seats {
    /** How many members an organisation may have. */
    public static final int MOST_MEMBERS = 10_000;

    /** How many of them may be owners. */
    public static final int MOST_OWNERS = 100;

    private final Organisations organisations;
    private final OrganisationRepository repository;
    private final MemberRepository members;
    private final Clock clock;

    Seats(Organisations organisations, OrganisationRepository repository, MemberRepository members, Clock clock) {
        this.organisations = organisations;
        this.repository = repository;
        this.members = members;
        this.clock = clock;
    }

    /** Adds a new member; fails with {@link Failure.MemberExists} or {@link Failure.LimitExceeded}. */
    Uni<Member> take(OrgScope scope, Organisation organisation, Member member) {
        if (member.role() == MemberRole.OWNER && organisation.ownerCount() >= MOST_OWNERS) {
            return refuse(scope, organisation, member, tooManyOwners());
        }
        var addition = Owed.memberAddition(clock.instant(), member.membership());
        return finishRemovals(scope, organisation)
                .chain(() -> repository.reserveSeat(scope, organisation.id(), addition, MOST_MEMBERS))
                .chain(reserved -> reserved ? Uni.createFrom().voidItem() : explain(scope, organisation, member))
                .chain(() -> insert(scope, organisation, member, addition))
                .chain(() -> confirm(scope, member, addition));
    }

    /** Confirms, or withdraws, the coming of a member whose record was found, where another request has begun it. */
    Uni<Void> confirmPending(OrgScope scope, Organisation organisation, Member member) {
        return Debtor.each(
                organisation.owed(Owed.Kind.MEMBER_ADDITION).stream()
                        .filter(addition -> member.membership().equals(addition.subject()))
                        .toList(),
                addition -> confirmOrWithdraw(scope, member, addition).replaceWithVoid());
    }

    /** As {@link #confirmPending} for all whose records are there; whether there was one. */
    Uni<Boolean> confirmAllPending(OrgScope scope, Organisation organisation) {
        return Multi.createFrom()
                .iterable(organisation.owed(Owed.Kind.MEMBER_ADDITION))
                .onItem()
                .transformToUniAndConcatenate(addition -> confirmIfThere(scope, organisation, addition))
                .collect()
                .with(Collectors.reducing(false, Boolean::logicalOr));
    }

    /** The removal's second step: the record goes, and the removal is owed no more. */
    Uni<Void> finish(OrgScope scope, OrgId organisation, Owed removal) {
        return members.remove(scope, organisation, subject(removal))
                .chain(() -> repository.paid(scope, organisation, removal));
    }

    /**
     * Ends what was cut off: comings and goings that are owed since then or longer. A younger coming may be under way.
     */
    public Uni<Void> settle(OrgScope scope, Organisation organisation, Instant waitingSince) {
        var additions = organisation.owed(Owed.Kind.MEMBER_ADDITION).stream()
                .filter(addition -> !addition.since().isAfter(waitingSince))
                .toList();
        return Debtor.each(additions, addition -> settle(scope, organisation, addition))
                .chain(() -> finishRemovals(scope, organisation));
    }

    private Uni<Void> settle(OrgScope scope, Organisation organisation, Owed addition) {
        return confirmIfThere(scope, organisation, addition)
                .chain(there ->
                        there ? Uni.createFrom().voidItem() : repository.freeSeat(scope, organisation.id(), addition));
    }

    /** False when the record is not there, or not yet. */
    private Uni<Boolean> confirmIfThere(OrgScope scope, Organisation organisation, Owed addition) {
        return members.find(scope, organisation.id(), subject(addition))
                .chain(found -> found.isPresent()
                        ? confirmOrWithdraw(scope, found.get(), addition)
                        : Uni.createFrom().item(false));
    }

    private Uni<Boolean> confirmOrWithdraw(OrgScope scope, Member member, Owed addition) {
        return confirm(scope, member, addition)
                .replaceWith(true)
                .onFailure(FailureException.class)
                .recoverWithItem(true);
    }

    private Uni<Void> finishRemovals(OrgScope scope, Organisation organisation) {
        return Debtor.each(
                organisation.owed(Owed.Kind.MEMBER_REMOVAL), removal -> finish(scope, organisation.id(), removal));
    }

    /** Why there was no seat: the organisation is gone, or full. */
    private Uni<Void> explain(OrgScope scope, Organisation organisation, Member member) {
        return organisations
                .get(scope, OrganisationRef.to(organisation.id()))
                .chain(full -> refuse(scope, full, member, tooMany(Failure.Limited.MEMBERS, MOST_MEMBERS)))
                .replaceWithVoid();
    }

    /** Who is a member already is told so, whatever else stands against it. */
    private Uni<Member> refuse(OrgScope scope, Organisation organisation, Member member, FailureException otherwise) {
        return members.find(scope, organisation, member.userId()).onItem().transformToUni(there -> Uni.createFrom()
                .failure(there.isPresent() ? new Failure.MemberExists().asException() : otherwise));
    }

    private Uni<Void> insert(OrgScope scope, Organisation organisation, Member member, Owed addition) {
        return members.insert(scope, member)
                .onFailure(ScopedRepository::isDuplicate)
                .recoverWithUni(taken -> repository
                        .freeSeat(scope, organisation.id(), addition)
                        .chain(() -> confirmOther(scope, organisation, member))
                        .onItem()
                        .failWith(() -> new Failure.MemberExists().asException())
                        .replaceWithVoid());
    }

    /** Whoever is there already may have come by an addition that was cut off. */
    private Uni<Void> confirmOther(OrgScope scope, Organisation organisation, Member member) {
        return members.find(scope, organisation, member.userId())
                .chain(other -> other.isPresent()
                        ? confirmPending(scope, organisation, other.get())
                        : Uni.createFrom().voidItem());
    }

    private Uni<Member> confirm(OrgScope scope, Member member, Owed addition) {
        var confirmed = member.role() == MemberRole.OWNER
                ? repository.seatTakenByOwner(scope, member.organisation(), addition, MOST_OWNERS)
                : repository.seatTaken(scope, member.organisation(), addition);
        return confirmed.chain(done -> done ? Uni.createFrom().item(member) : unlessConfirmed(scope, member, addition));
    }

    /** Nothing matched: there are too many owners, or somebody else has confirmed the coming, or withdrawn it. */
    private Uni<Member> unlessConfirmed(OrgScope scope, Member member, Owed addition) {
        var removal = Owed.memberRemoval(clock.instant(), member.membership());
        return repository
                .withdrawSeat(scope, member.organisation(), addition, removal)
                .chain(withdrawn -> withdrawn
                        ? finish(scope, member.organisation(), removal)
                        : Uni.createFrom().voidItem())
                .chain(() -> members.find(scope, member.organisation(), member.membership()))
                .map(left -> left.orElseThrow(Seats::tooManyOwners));
    }

    static FailureException tooManyOwners() {
        return tooMany(Failure.Limited.OWNERS, MOST_OWNERS);
    }

    private static FailureException tooMany(Failure.Limited what, int limit) {
        return new Failure.LimitExceeded(what, limit).asException();
    }

    private static ObjectId subject(Owed owed) {
        return Objects.requireNonNull(owed.subject());
    }
}
