package dev.offshoot.organisation;

import static dev.offshoot.failure.Failure.Subject.ORGANISATION;

import dev.offshoot.failure.Failure;
import dev.offshoot.scope.OrgId;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Page;
import dev.offshoot.scope.ScopedRepository;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.function.Function;

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
        return repository
                .find(scope, id, orDeleted)
                .map(found -> found.orElseThrow(() -> new Failure.NotFound(ORGANISATION).asException()));
    }

    public Uni<Page<Organisation>> list(OrgScope scope, Listing listing) {
        return repository.list(scope, listing);
    }

    /** The organisation as changed; fails with {@link Failure.NotFound} or {@link Failure.ExternalIdTaken}. */
    public Uni<Organisation> update(OrgScope scope, OrgId id, OrganisationChange change) {
        return revise(scope, id, read -> change(scope, read, change));
    }

    /**
     * Reads a live organisation and makes of it what the step does under the revision that was read, again when
     * somebody else was faster. The step answers false for that.
     */
    public Uni<Organisation> revise(OrgScope scope, OrgId id, Function<Organisation, Uni<Revised>> step) {
        return get(scope, id, false)
                .chain(step::apply)
                .repeat()
                .whilst(revised -> !revised.stored())
                .select()
                .first(ATTEMPTS)
                .collect()
                .last()
                .map(Organisations::stored);
    }

    /**
     * What became of one attempt.
     *
     * @param stored false when the organisation had been changed since it was read
     */
    public record Revised(Organisation organisation, boolean stored) {}

    private Uni<Revised> change(OrgScope scope, Organisation read, OrganisationChange change) {
        var changed = read.changed(change, clock.instant());
        if (changed.readsAs(read)) {
            return Uni.createFrom().item(new Revised(read, true));
        }
        return repository
                .replaceAttributes(scope, read, changed)
                .map(stored -> new Revised(changed, stored))
                .onFailure(ScopedRepository::isDuplicate)
                .transform(duplicate -> new Failure.ExternalIdTaken().asException());
    }

    private static Organisation stored(Revised last) {
        if (!last.stored()) {
            throw new Failure.Unavailable(1).asException();
        }
        return last.organisation();
    }
}
