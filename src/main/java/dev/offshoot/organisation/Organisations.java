package dev.offshoot.organisation;

import static dev.offshoot.failure.Failure.Subject.ORGANISATION;
import static dev.offshoot.failure.Failure.Subject.PLAN;

import dev.offshoot.failure.Failure;
import dev.offshoot.plan.Plan;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Page;
import dev.offshoot.scope.ScopedRepository;
import dev.offshoot.task.Steps;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looking organisations up, listing them, and changing what their owner may change. */
@Singleton
public class Organisations {
    /** How often a change is tried again because somebody else changed the same organisation in between. */
    private static final int ATTEMPTS = 50;

    private final OrganisationRepository repository;
    private final Clock clock;

    Organisations(OrganisationRepository repository, Clock clock) {
        this.repository = repository;
        this.clock = clock;
    }

    /** The organisation; fails with {@link Failure.NotFound}, as for a deleted one unless that is asked for. */
    public Uni<Organisation> get(OrgScope scope, OrgId id, boolean orDeleted) {
        return get(scope, OrganisationRef.to(id), orDeleted);
    }

    /** The live organisation; fails with {@link Failure.NotFound}. */
    public Uni<Organisation> get(OrgScope scope, OrganisationRef ref) {
        return get(scope, ref, false);
    }

    public Uni<Page<Organisation>> list(OrgScope scope, Listing listing) {
        return repository.list(scope, listing);
    }

    /** The organisation as changed; fails with {@link Failure.NotFound} or {@link Failure.ExternalIdTaken}. */
    public Uni<Organisation> update(OrgScope scope, OrganisationRef ref, OrganisationChange change) {
        return update(scope, ref, read -> change);
    }

    /**
     * As {@link #update(OrgScope, OrganisationRef, OrganisationChange)} where the change depends on what is there.
     *
     * @param change may refuse with a failure
     */
    public Uni<Organisation> update(
            OrgScope scope, OrganisationRef ref, Function<Organisation, OrganisationChange> change) {
        return revise(scope, ref, read -> change(scope, read, change.apply(read)));
    }

    /** Fails with {@link Failure.NotFound}, and for the one at the scope's top with {@link Failure.Forbidden}. */
    public Uni<Organisation> setPlan(OrgScope scope, OrganisationRef ref, Plan plan) {
        return update(scope, ref, read -> planned(scope, read, plan));
    }

    /** As {@link #setPlan}; fails with {@link Failure.NotFound} also where there is no plan. */
    public Uni<Organisation> removePlan(OrgScope scope, OrganisationRef ref) {
        return update(scope, ref, read -> {
            var change = planned(scope, read, null);
            if (read.plan() == null) {
                throw new Failure.NotFound(PLAN).asException();
            }
            return change;
        });
    }

    /** What an organisation has bought is not for itself to say. */
    private static OrganisationChange planned(OrgScope scope, Organisation read, @Nullable Plan plan) {
        if (read.id().equals(scope.root())) {
            throw new Failure.Forbidden("own_organisation").asException();
        }
        return OrganisationChange.plan(plan);
    }

    /**
     * Reads a live organisation and takes a step that depends on it, under the revision that was read. Both are repeated
     * while a concurrent change comes first, for which the step gives nothing.
     */
    public <T> Uni<T> revise(OrgScope scope, OrganisationRef ref, Function<Organisation, Uni<Optional<T>>> step) {
        return Steps.untilPresent(ATTEMPTS, () -> get(scope, ref).chain(step::apply));
    }

    private Uni<Organisation> get(OrgScope scope, OrganisationRef ref, boolean orDeleted) {
        return repository
                .find(scope, ref, orDeleted)
                .map(found -> found.orElseThrow(() -> new Failure.NotFound(ORGANISATION).asException()));
    }

    private Uni<Optional<Organisation>> change(OrgScope scope, Organisation read, OrganisationChange change) {
        var changed = read.changed(change, clock.instant());
        if (changed.sameContent(read)) {
            return Uni.createFrom().item(Optional.of(read));
        }
        return repository
                .replaceAttributes(scope, read, changed)
                .map(stored -> stored ? Optional.of(changed) : Optional.<Organisation>empty())
                .onFailure(ScopedRepository::isDuplicate)
                .transform(duplicate -> new Failure.ExternalIdTaken().asException());
    }
}
