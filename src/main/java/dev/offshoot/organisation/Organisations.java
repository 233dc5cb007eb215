package dev.offshoot.organisation;

import static dev.offshoot.failure.Failure.Subject.ORGANISATION;
import static dev.offshoot.failure.Failure.Subject.PLAN;

import dev.offshoot.failure.Failure;
import dev.offshoot.plan.Plan;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Page;
import dev.offshoot.task.Steps;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds and lists organisations, and changes what can be changed in them. */
@Singleton
public class Organisations {
    /** How often a change is tried when concurrent changes to the same organisation come first. */
    private static final int ATTEMPTS = 50;

    private final OrganisationRepository repository;
    private final Clock clock;

    Organisations(OrganisationRepository repository, Clock clock) {
        this.repository = repository;
        this.clock = clock;
    }

    /**
     * Finds an organisation. Fails with {@link Failure.NotFound}, also for a deleted organisation unless
     * {@code orDeleted} is set.
     */
    public Uni<Organisation> get(OrgScope scope, OrgId id, boolean orDeleted) {
        return get(scope, OrganisationRef.to(id), orDeleted);
    }

    /** Finds a live organisation. Fails with {@link Failure.NotFound}. */
    public Uni<Organisation> get(OrgScope scope, OrganisationRef ref) {
        return get(scope, ref, false);
    }

    public Uni<Page<Organisation>> list(OrgScope scope, Listing listing) {
        return repository.list(scope, listing);
    }

    /**
     * Changes an organisation and returns the result. Fails with {@link Failure.NotFound} or
     * {@link Failure.ExternalIdTaken}.
     */
    public Uni<Organisation> update(OrgScope scope, OrganisationRef ref, OrganisationChange change) {
        return update(scope, ref, read -> change);
    }

    /**
     * Like {@link #update(OrgScope, OrganisationRef, OrganisationChange)}, for a change that depends on the current
     * state.
     *
     * @param change may throw a failure
     */
    public Uni<Organisation> update(
            OrgScope scope, OrganisationRef ref, Function<Organisation, OrganisationChange> change) {
        return revise(scope, ref, read -> change(scope, read, change.apply(read)));
    }

    /**
     * Sets an organisation's plan. Fails with {@link Failure.NotFound}, or with {@link Failure.Forbidden} for the
     * organisation at the scope's top.
     */
    public Uni<Organisation> setPlan(OrgScope scope, OrganisationRef ref, Plan plan) {
        return update(scope, ref, read -> planned(scope, read, plan));
    }

    /**
     * Removes an organisation's plan. Fails like {@link #setPlan}, and with {@link Failure.NotFound} if there is no
     * plan.
     */
    public Uni<Organisation> removePlan(OrgScope scope, OrganisationRef ref) {
        return update(scope, ref, read -> {
            var change = planned(scope, read, null);
            if (read.plan() == null) {
                throw new Failure.NotFound(PLAN).asException();
            }
            return change;
        });
    }

    /** Makes the change of a plan. An organisation can't set its own plan. */
    private static OrganisationChange planned(OrgScope scope, Organisation read, @Nullable Plan plan) {
        if (read.id().equals(scope.root())) {
            throw new Failure.Forbidden("own_organisation").asException();
        }
        return OrganisationChange.plan(plan);
    }

    /**
     * Reads a live organisation and runs a step under the revision that was read. Repeats both while a concurrent
     * change comes first, in which case the step gives nothing.
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
                .map(stored -> stored ? Optional.of(changed) : Optional.<Organisation>empty());
    }
}
