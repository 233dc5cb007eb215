package dev.offshoot.provisioning;

import dev.offshoot.apikey.CallerCache;
import dev.offshoot.failure.Failure;
import dev.offshoot.idempotency.Attempt;
import dev.offshoot.organisation.ExpectedState;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRef;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.organisation.Organisations;
import dev.offshoot.scope.OrgScope;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Marks an organisation and everything beneath it as deleted. The commit point is one conditional update of the
 * organisation: from then on every key beneath it is refused. The cascade follows in the background; if it is
 * interrupted, the queue completes it.
 */
@Singleton
public class Deletion {
    /** How long an answer waits for the cascade. */
    private static final Duration MOST_WAITING = Duration.ofSeconds(5);

    private final Organisations organisations;
    private final OrganisationRepository repository;
    private final BackgroundCascades cascades;
    private final CallerCache callers;
    private final Clock clock;

    Deletion(
            Organisations organisations,
            OrganisationRepository repository,
            BackgroundCascades cascades,
            CallerCache callers,
            Clock clock) {
        this.organisations = organisations;
        this.repository = repository;
        this.cascades = cascades;
        this.callers = callers;
        this.clock = clock;
    }

    /**
     * Deletes an organisation in an expected state, and returns it once its whole subtree is deleted, or after five
     * seconds. A caller who stops waiting cancels nothing. Fails with {@link Failure.NotFound}, with
     * {@link Failure.Forbidden} for the organisation at the scope's top, because callers can't delete their own
     * organisation, or with {@link Failure.PreconditionFailed}.
     */
    public Uni<Organisation> delete(OrgScope scope, OrganisationRef ref, ExpectedState expected) {
        return delete(scope, ref, expected, Attempt.once());
    }

    /** Like {@link #delete(OrgScope, OrganisationRef, ExpectedState)}, in one of several tries. */
    public Uni<Organisation> delete(OrgScope scope, OrganisationRef ref, ExpectedState expected, Attempt attempt) {
        return delete(scope, ref, expected, attempt, MOST_WAITING);
    }

    Uni<Organisation> delete(
            OrgScope scope, OrganisationRef ref, ExpectedState expected, Attempt attempt, Duration mostWaiting) {
        var begun = organisations
                .revise(scope, ref, read -> commit(scope, read, expected, attempt))
                .onFailure(failure -> attempt.isRepeated())
                .recoverWithUni(failure -> committed(scope, ref, attempt, failure))
                .map(deleted -> new Begun(deleted, cascades.start(scope, deleted)));
        return Uni.createFrom()
                .deferred(() -> BackgroundCascades.startDetached(begun))
                .call(deletion -> deletion.cascade()
                        .ifNoItem()
                        .after(mostWaiting)
                        .recoverWithUni(Uni.createFrom().voidItem()))
                .map(Begun::organisation);
    }

    /** A deletion that is committed, and its cascade, which is running. */
    private record Begun(Organisation organisation, Uni<Void> cascade) {}

    /** Finds what an earlier try has deleted. Fails like this one if none has. */
    private Uni<Organisation> committed(OrgScope scope, OrganisationRef ref, Attempt attempt, Throwable failure) {
        return repository
                .find(scope, ref, true)
                .map(found ->
                        found.filter(organisation -> organisation.deletions().contains(attempt.id())))
                .chain(found -> found.isPresent()
                        ? Uni.createFrom().item(found.get())
                        : Uni.createFrom().failure(failure));
    }

    private Uni<Optional<Organisation>> commit(
            OrgScope scope, Organisation read, ExpectedState expected, Attempt attempt) {
        if (read.id().equals(scope.root())) {
            return Uni.createFrom().failure(new Failure.Forbidden("own_organisation").asException());
        }
        expected.require(read);
        var deleted = read.deletedBy(attempt.id(), clock.instant());
        // Before the commit, in case its answer is lost; after it, so that the full forgetting time follows.
        callers.forget(read.id());
        return repository
                .markDeleted(scope, read, deleted)
                .invoke(() -> callers.forget(read.id()))
                .map(stored -> stored ? Optional.of(deleted) : Optional.empty());
    }
}
