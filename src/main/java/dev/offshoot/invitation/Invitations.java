package dev.offshoot.invitation;

import static dev.offshoot.failure.Failure.Subject.INVITATION;

import dev.offshoot.failure.Failure;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.ScopedRepository;
import dev.offshoot.task.Steps;
import dev.offshoot.value.EmailAddress;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.bson.types.ObjectId;

/**
 * The open invitations to an organisation that was just read. One insert decides an invitation: the id holds the person, so
 * that nobody is invited twice, and the slot is one of as many as there may be.
 */
@Singleton
public class Invitations {
    /** How often a slot is looked for, because somebody else took the one that was free. */
    private static final int ATTEMPTS = 50;

    private final InvitationRepository repository;
    private final Clock clock;

    Invitations(InvitationRepository repository, Clock clock) {
        this.repository = repository;
        this.clock = clock;
    }

    /** All of them, or that person's, in order of their ids. */
    public Uni<List<Invitation>> list(OrgScope scope, Organisation organisation, Optional<String> usernameKey) {
        return repository.list(scope, organisation.id(), usernameKey, clock.instant());
    }

    /** The invitation; fails with {@link Failure.NotFound}. */
    public Uni<Invitation> get(OrgScope scope, Organisation organisation, ObjectId invitation) {
        return repository
                .find(scope, organisation.id(), invitation, clock.instant())
                .map(Invitations::require);
    }

    /**
     * Adds an invitation, with its confirmation pending. Fails with {@link Failure.InvitationExists} or
     * {@link Failure.LimitExceeded}.
     */
    public Uni<Invitation> add(OrgScope scope, Organisation organisation, NewInvitation wanted) {
        var slots = Invitation.slotsOf(organisation.id());
        var invitation = Invitation.of(organisation, wanted, anyOf(slots), clock.instant());
        return insert(scope, invitation)
                .chain(added -> added.isPresent()
                        ? Uni.createFrom().item(added.get())
                        : Steps.untilPresent(ATTEMPTS, () -> insertInFreeSlot(scope, invitation, slots)));
    }

    /** Gives an invitation other roles; fails with {@link Failure.NotFound}. */
    public Uni<Invitation> change(
            OrgScope scope, Organisation organisation, ObjectId invitation, List<InvitationRole> roles) {
        return get(scope, organisation, invitation).chain(found -> change(scope, found.withRoles(roles)));
    }

    /** As {@link #change(OrgScope, Organisation, ObjectId, List)} for that person's invitation. */
    public Uni<Invitation> change(
            OrgScope scope, Organisation organisation, EmailAddress username, List<InvitationRole> roles) {
        return repository
                .find(scope, organisation.id(), username.searchKey(), clock.instant())
                .map(Invitations::require)
                .chain(found -> change(scope, found.withRoles(roles)));
    }

    /** Takes an invitation back; fails with {@link Failure.NotFound}. */
    public Uni<Void> remove(OrgScope scope, Organisation organisation, ObjectId invitation) {
        return repository
                .remove(scope, organisation.id(), invitation, clock.instant())
                .invoke(Invitations::requireDone)
                .replaceWithVoid();
    }

    /** Ends the invitation of a person who belongs to the organisation now, if there is one. */
    public Uni<Void> end(OrgScope scope, OrgId organisation, String usernameKey) {
        return repository.remove(scope, organisation, usernameKey);
    }

    private Uni<Invitation> change(OrgScope scope, Invitation changed) {
        return repository
                .setRoles(scope, changed, clock.instant())
                .invoke(Invitations::requireDone)
                .replaceWith(changed);
    }

    /** Nothing where the slot is taken, or somebody else has just replaced or removed what was in the way. */
    private Uni<Optional<Invitation>> insert(OrgScope scope, Invitation invitation) {
        return repository
                .insert(scope, invitation)
                .replaceWith(Optional.of(invitation))
                .onFailure(ScopedRepository::isDuplicate)
                .recoverWithUni(() -> replaceExpired(scope, invitation));
    }

    private Uni<Optional<Invitation>> replaceExpired(OrgScope scope, Invitation invitation) {
        return repository
                .findEvenExpired(scope, invitation.id())
                .chain(found -> found.isPresent()
                        ? replaceExpired(scope, found.get(), invitation)
                        : Uni.createFrom().item(Optional.empty()));
    }

    private Uni<Optional<Invitation>> replaceExpired(OrgScope scope, Invitation found, Invitation invitation) {
        if (found.isOpen(invitation.createdAt())) {
            return Uni.createFrom().failure(new Failure.InvitationExists().asException());
        }
        var next = invitation.inSlot(found.slot());
        return repository.replaceExpired(scope, found, next).map(done -> done ? Optional.of(next) : Optional.empty());
    }

    private Uni<Optional<Invitation>> insertInFreeSlot(OrgScope scope, Invitation invitation, List<String> slots) {
        return repository.takenSlots(scope, invitation.organisation()).chain(taken -> {
            var free = taken.freeOf(slots);
            if (!free.isEmpty()) {
                return insert(scope, invitation.inSlot(anyOf(free)));
            }
            return taken.anyExpired(invitation.createdAt()) ? freeSlots(scope, invitation) : refuse();
        });
    }

    /** Expired invitations take no slots that are needed. */
    private Uni<Optional<Invitation>> freeSlots(OrgScope scope, Invitation invitation) {
        return repository
                .removeExpired(scope, invitation.organisation(), invitation.createdAt())
                .replaceWith(Optional.empty());
    }

    private static Uni<Optional<Invitation>> refuse() {
        return Uni.createFrom()
                .failure(new Failure.LimitExceeded(Failure.Limited.INVITATIONS, Invitation.MAX_OPEN).asException());
    }

    private static Invitation require(Optional<Invitation> found) {
        return found.orElseThrow(Invitations::notFound);
    }

    private static void requireDone(boolean done) {
        if (!done) {
            throw notFound();
        }
    }

    private static RuntimeException notFound() {
        return new Failure.NotFound(INVITATION).asException();
    }

    /** Simultaneous invitations rarely choose the same. */
    private static String anyOf(List<String> slots) {
        return slots.get(ThreadLocalRandom.current().nextInt(slots.size()));
    }
}
