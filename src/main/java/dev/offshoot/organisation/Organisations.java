package dev.offshoot.organisation;

import static dev.offshoot.failure.Failure.Subject.ORGANISATION;
import static dev.offshoot.failure.Failure.Subject.PLAN;

import dev.offshoot.failure.Failure;
import dev.offshoot.idempotency.Attempt;
import dev.offshoot.plan.Plan;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Page;
import dev.offshoot.task.AnsweredChanges;
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
    private final AnsweredChanges answered;
    private final Clock clock;

    Organisations(OrganisationRepository repository, AnsweredChanges answered, Clock clock) {
        this.repository = repository;
        this.answered = answered;
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
     * Changes an organisation in an expected state and returns the result. Fails with {@link Failure.NotFound},
     * {@link Failure.PreconditionFailed} or {@link Failure.ExternalIdTaken}.
     */
    public Uni<Organisation> update(
            OrgScope scope, OrganisationRef ref, ExpectedState expected, OrganisationChange change) {
        return update(scope, ref, expected, read -> change);
    }

    /**
     * Like {@link #update(OrgScope, OrganisationRef, ExpectedState, OrganisationChange)}, in one of several tries. If an
     * earlier one has made the change, this returns what that left, and changes nothing.
     */
    public Uni<Organisation> update(
            OrgScope scope, OrganisationRef ref, ExpectedState expected, OrganisationChange change, Attempt attempt) {
        return revise(scope, ref, read -> {
                    var made = read.leftBy(attempt.id());
                    if (made.isPresent()) {
                        return Uni.createFrom().item(made);
                    }
                    expected.require(read);
                    return change(scope, read, change, attempt);
                })
                .invoke(left -> attempt.whenAnswered(() -> answered.add(repository, scope, left.id(), attempt.id())));
    }

    /**
     * Like {@link #update(OrgScope, OrganisationRef, ExpectedState, OrganisationChange)}, for a change that depends on
     * the current state. A change that can't be made fails before the state is compared.
     *
     * @param change may throw a failure
     */
    public Uni<Organisation> update(
            OrgScope scope,
            OrganisationRef ref,
            ExpectedState expected,
            Function<Organisation, OrganisationChange> change) {
        return revise(scope, ref, read -> {
            var wanted = change.apply(read);
            expected.require(read);
            return change(scope, read, wanted, Attempt.once());
        });
    }

    /**
     * Sets the plan of an organisation in an expected state. Fails with {@link Failure.NotFound}, with
     * {@link Failure.Forbidden} for the organisation at the scope's top, or with {@link Failure.PreconditionFailed}.
     */
    public Uni<Organisation> setPlan(OrgScope scope, OrganisationRef ref, ExpectedState expected, Plan plan) {
        return update(scope, ref, expected, read -> planned(scope, read, plan));
    }

    /**
     * Removes an organisation's plan. Fails like {@link #setPlan}, and with {@link Failure.NotFound} if there is no
     * plan.
     */
    public Uni<Organisation> removePlan(OrgScope scope, OrganisationRef ref, ExpectedState expected) {
        return update(scope, ref, expected, read -> {
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

    private Uni<Optional<Organisation>> change(
            OrgScope scope, Organisation read, OrganisationChange change, Attempt attempt) {
        var changed = read.changed(change, attempt, clock.instant());
        if (changed.sameContent(read)) {
            return Uni.createFrom().item(Optional.of(read));
        }
        return repository
                .replaceAttributes(scope, read, changed)
                .map(stored -> stored ? Optional.of(changed) : Optional.<Organisation>empty());
    }
}
