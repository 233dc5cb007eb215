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
import java.util.Optional;
import org.bson.types.ObjectId;

/**
 * Deletes an organisation softly, with everything beneath it. The commit point is one conditional update of the
 * organisation: from then on every key beneath is refused. The cascade follows; if it is cut off, the queue ends it.
 */
@Singleton
public class Deletion {
    private final Organisations organisations;
    private final OrganisationRepository repository;
    private final Cascade cascade;
    private final CallerCache callers;
    private final Clock clock;

    Deletion(
            Organisations organisations,
            OrganisationRepository repository,
            Cascade cascade,
            CallerCache callers,
            Clock clock) {
        this.organisations = organisations;
        this.repository = repository;
        this.cascade = cascade;
        this.callers = callers;
        this.clock = clock;
    }

    /**
     * The organisation as deleted, once the whole subtree is. Fails with {@link Failure.NotFound}, and for the one at the
     * scope's top with {@link Failure.Forbidden}: nobody deletes its own organisation.
     */
    public Uni<Organisation> delete(OrgScope scope, OrganisationRef ref) {
        return organisations
                .revise(scope, ref, read -> commit(scope, read))
                .call(deleted -> cascade.complete(scope, deleted));
    }

    private Uni<Optional<Organisation>> commit(OrgScope scope, Organisation read) {
        if (read.id().equals(scope.root())) {
            return Uni.createFrom().failure(new Failure.Forbidden("own_organisation").asException());
        }
        var deleted = read.deletedBy(new ObjectId(), clock.instant());
        // Before, for a commit whose answer is lost; after, to have the whole time of forgetting.
        callers.forget(read.id());
        return repository
                .markDeleted(scope, read, deleted)
                .invoke(() -> callers.forget(read.id()))
                .map(stored -> stored ? Optional.of(deleted) : Optional.empty());
    }
}
