package dev.offshoot.provisioning;

import dev.offshoot.apikey.Role;
import dev.offshoot.failure.Failure;
import dev.offshoot.idempotency.Attempt;
import dev.offshoot.organisation.NewOrganisation;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRef;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.organisation.Turns;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.task.Steps;
import dev.offshoot.value.ExternalId;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Creates an organisation under its external id, unless there is one already: whoever repeats the call, or makes it at
 * the same time, gets the same organisation. It takes one command if the organisation is there, and three if not; a try
 * that repeats another takes one more.
 */
@Singleton
public class CreationOnce {
    /** A further attempt is needed only when others create the organisation and take it away again in the meantime. */
    private static final int ATTEMPTS = 10;

    private final Creation creation;
    private final OrganisationRepository organisations;
    private final Turns turns = new Turns();

    CreationOnce(Creation creation, OrganisationRepository organisations) {
        this.creation = creation;
        this.organisations = organisations;
    }

    /**
     * The organisation that is there now.
     *
     * @param created with its keys, if this call has created it
     */
    public record Outcome(Organisation organisation, Optional<Creation.Created> created) {
        private static Outcome of(Creation.Created created) {
            return new Outcome(created.organisation(), Optional.of(created));
        }

        private static Outcome found(Organisation organisation) {
            return new Outcome(organisation, Optional.empty());
        }
    }

    /**
     * Creates a child of the scope's top organisation, with one key for each role, or finds the live child that has its
     * external id, and leaves that as it is. If an earlier try has created it, this returns that again, whatever has become
     * of it since. Of many calls at once on this replica, one creates it while the others wait. Fails with
     * {@link Failure.DepthExceeded}.
     *
     * @param wanted has an external id
     */
    public Uni<Outcome> create(OrgScope parent, NewOrganisation wanted, Set<Role> keyRoles, Attempt attempt) {
        var externalId = Objects.requireNonNull(wanted.externalId());
        var outcome = Steps.untilPresent(ATTEMPTS, () -> find(parent, externalId, attempt)
                .chain(found -> found.isPresent()
                        ? Uni.createFrom().item(found)
                        : createUnlessTaken(parent, wanted, keyRoles, attempt)));
        return turns.run(Organisation.liveExternalKey(parent.root(), externalId), outcome, outcome);
    }

    /** Finds the organisation that is there, unless it has to be created, or shown as an earlier try has created it. */
    private Uni<Optional<Outcome>> find(OrgScope parent, ExternalId externalId, Attempt attempt) {
        var live = organisations
                .find(parent, new OrganisationRef.ByExternalId(externalId), false)
                .map(found -> found.map(Outcome::found));
        return attempt.isRepeated()
                ? isCreatedBy(parent, attempt)
                        .chain(created -> created ? Uni.createFrom().item(Optional.empty()) : live)
                : live;
    }

    private Uni<Boolean> isCreatedBy(OrgScope parent, Attempt attempt) {
        return organisations
                .find(parent, OrganisationRef.to(new OrgId(attempt.id())), true)
                .map(Optional::isPresent);
    }

    private Uni<Optional<Outcome>> createUnlessTaken(
            OrgScope parent, NewOrganisation wanted, Set<Role> keyRoles, Attempt attempt) {
        return creation.create(parent, wanted, keyRoles, attempt)
                .map(created -> Optional.of(Outcome.of(created)))
                .onFailure(OrganisationRepository::isExternalIdTaken)
                .recoverWithItem(Optional.empty());
    }
}
