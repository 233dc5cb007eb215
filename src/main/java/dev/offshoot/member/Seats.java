package dev.offshoot.member;

import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRef;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.organisation.Organisations;
import dev.offshoot.owed.Debtor;
import dev.offshoot.owed.Owed;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.ScopedRepository;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import org.bson.types.ObjectId;

/**
 * How members come and go, in steps of which each is one conditional write and what is left is owed by the organisation:
 * a seat is taken, the member's record inserted, the seat's taking confirmed; a removal is decided, and the record
 * removed. A coming that is cut off gives its seat back, or is confirmed when the record is there.
 */
@Singleton
public class Seats {
    /** How many members an organisation may have. */
    public static final int MOST_MEMBERS = 10_000;

    /** How many of them may be owners. */
    public static final int MOST_OWNERS = 100;

    private final Organisations lookUp;
    private final OrganisationRepository organisations;
    private final MemberRepository members;
    private final Clock clock;

    Seats(Organisations lookUp, OrganisationRepository organisations, MemberRepository members, Clock clock) {
        this.lookUp = lookUp;
        this.organisations = organisations;
        this.members = members;
        this.clock = clock;
    }

    /** Adds a new member; fails with {@link Failure.MemberExists} or {@link Failure.LimitExceeded}. */
    Uni<Member> take(OrgScope scope, Organisation organisation, Member member) {
        if (member.role() == MemberRole.OWNER && organisation.ownerCount() >= MOST_OWNERS) {
            return Uni.createFrom().failure(tooManyOwners());
        }
        var addition = Owed.memberAddition(clock.instant(), member.membership());
        return finishRemovals(scope, organisation)
                .chain(() -> organisations.reserveSeat(scope, organisation.id(), addition, MOST_MEMBERS))
                .chain(reserved -> reserved ? Uni.createFrom().voidItem() : explain(scope, organisation))
                .chain(() -> insert(scope, member, addition))
                .chain(() -> confirm(scope, member, addition));
    }

    /** Confirms a coming that another request has begun, or withdraws it. */
    Uni<Void> confirm(OrgScope scope, Organisation organisation, Member member) {
        return Debtor.each(
                organisation.owed(Owed.Kind.MEMBER_ADDITION).stream()
                        .filter(addition -> member.membership().equals(addition.subject()))
                        .toList(),
                addition -> confirm(scope, member, addition)
                        .replaceWithVoid()
                        .onFailure(FailureException.class)
                        .recoverWithNull());
    }

    /** The removal's second step: the record goes, and the removal is owed no more. */
    Uni<Void> finish(OrgScope scope, Organisation organisation, Owed removal) {
        return members.remove(scope, organisation.id(), subject(removal))
                .chain(() -> organisations.paid(scope, organisation.id(), removal));
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
        return members.find(scope, organisation.id(), subject(addition))
                .chain(found -> found.isPresent()
                        ? confirm(scope, organisation, found.get())
                        : organisations.freeSeat(scope, organisation.id(), addition));
    }

    private Uni<Void> finishRemovals(OrgScope scope, Organisation organisation) {
        return Debtor.each(
                organisation.owed(Owed.Kind.MEMBER_REMOVAL), removal -> finish(scope, organisation, removal));
    }

    /** Why there was no seat: the organisation is gone, or full. */
    private Uni<Void> explain(OrgScope scope, Organisation organisation) {
        return lookUp.get(scope, OrganisationRef.to(organisation.id()))
                .onItem()
                .failWith(full -> new Failure.LimitExceeded(Failure.Limited.MEMBERS, MOST_MEMBERS).asException())
                .replaceWithVoid();
    }

    private Uni<Void> insert(OrgScope scope, Member member, Owed addition) {
        return members.insert(scope, member)
                .onFailure(ScopedRepository::isDuplicate)
                .recoverWithUni(taken -> organisations
                        .freeSeat(scope, member.organisation(), addition)
                        .onItem()
                        .failWith(() -> new Failure.MemberExists().asException()));
    }

    private Uni<Member> confirm(OrgScope scope, Member member, Owed addition) {
        var confirmed = member.role() == MemberRole.OWNER
                ? organisations.seatTakenByOwner(scope, member.organisation(), addition, MOST_OWNERS)
                : organisations.seatTaken(scope, member.organisation(), addition);
        return confirmed.chain(done -> done ? Uni.createFrom().item(member) : unlessConfirmed(scope, member, addition));
    }

    /** Nothing matched: somebody else has confirmed it, or there are too many owners, and the member has to go again. */
    private Uni<Member> unlessConfirmed(OrgScope scope, Member member, Owed addition) {
        return organisations
                .find(scope, OrganisationRef.to(member.organisation()), true)
                .chain(organisation -> organisation
                                .filter(found -> found.owes(Owed.Kind.MEMBER_ADDITION, member.membership()))
                                .isPresent()
                        ? withdraw(scope, member, addition)
                        : Uni.createFrom().item(member));
    }

    private Uni<Member> withdraw(OrgScope scope, Member member, Owed addition) {
        return members.remove(scope, member.organisation(), member.membership())
                .chain(() -> organisations.freeSeat(scope, member.organisation(), addition))
                .onItem()
                .failWith(Seats::tooManyOwners)
                .replaceWith(member);
    }

    static FailureException tooManyOwners() {
        return new Failure.LimitExceeded(Failure.Limited.OWNERS, MOST_OWNERS).asException();
    }

    private static ObjectId subject(Owed owed) {
        return Objects.requireNonNull(owed.subject());
    }
}
