package dev.offshoot.provisioning;

import dev.offshoot.apikey.CallerCache;
import dev.offshoot.failure.Failure;
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
import org.bson.types.ObjectId;

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
     * Returns the deleted organisation once its whole subtree is deleted, or after five seconds. A caller who stops
     * waiting cancels nothing. Fails with {@link Failure.NotFound}, or with {@link Failure.Forbidden} for the
     * organisation at the scope's top, because callers can't delete their own organisation.
     */
    public Uni<Organisation> delete(OrgScope scope, OrganisationRef ref) {
        return delete(scope, ref, MOST_WAITING);
    }

    Uni<Organisation> delete(OrgScope scope, OrganisationRef ref, Duration mostWaiting) {
        var begun = organisations
                .revise(scope, ref, read -> commit(scope, read))
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

    private Uni<Optional<Organisation>> commit(OrgScope scope, Organisation read) {
        if (read.id().equals(scope.root())) {
            return Uni.createFrom().failure(new Failure.Forbidden("own_organisation").asException());
        }
        var deleted = read.deletedBy(new ObjectId(), clock.instant());
        // Before the commit, in case its answer is lost; after it, so that the full forgetting time follows.
        callers.forget(read.id());
        return repository
                .markDeleted(scope, read, deleted)
                .invoke(() -> callers.forget(read.id()))
                .map(stored -> stored ? Optional.of(deleted) : Optional.empty());
    }
}
