package dev.offshoot.apikey;

import dev.offshoot.failure.Failure;
import dev.offshoot.idempotency.Attempt;
import dev.offshoot.organisation.ExpectedState;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationChange;
import dev.offshoot.organisation.OrganisationRef;
import dev.offshoot.organisation.Organisations;
import dev.offshoot.ratelimit.RateLimit;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rate limit of each key of an organisation. A change counts at once on this replica and within a second on the
 * others. Every call fails with {@link Failure.NotFound} if the scope holds no such live organisation.
 */
@Singleton
public class KeyLimits {
    private final Organisations organisations;
    private final CallerCache callers;

    KeyLimits(Organisations organisations, CallerCache callers) {
        this.organisations = organisations;
        this.callers = callers;
    }

    /** Finds the limit; empty if there is none. */
    public Uni<Optional<RateLimit>> get(OrgScope scope, OrgId organisation) {
        return organisations.get(scope, organisation, false).map(found -> Optional.ofNullable(found.rateLimit()));
    }

    public Uni<RateLimit> set(OrgScope scope, OrgId organisation, RateLimit limit, Attempt attempt) {
        return change(scope, organisation, limit, attempt).replaceWith(limit);
    }

    /** Removes the limit. Does nothing if there is none. */
    public Uni<Void> remove(OrgScope scope, OrgId organisation, Attempt attempt) {
        return change(scope, organisation, null, attempt).replaceWithVoid();
    }

    private Uni<Organisation> change(OrgScope scope, OrgId organisation, @Nullable RateLimit limit, Attempt attempt) {
        var ref = OrganisationRef.to(organisation);
        return organisations
                .update(scope, ref, ExpectedState.ANY, OrganisationChange.rateLimit(limit), attempt)
                .invoke(() -> callers.forget(organisation));
    }
}
