package dev.offshoot.api;

import dev.offshoot.apikey.Caller;
import dev.offshoot.failure.Failure;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;

/**
 * What tells one API from another, before and after its resources: where it lies, how it reads a credential, how it
 * words a failure. The one key filter and the one exception mapper ask it.
 */
public interface ApiSurface {

    /** The start of its paths; the surface with the longest that fits answers. */
    String prefix();

    Routes routes();

    /** Who calls; fails with {@link Failure.Unauthenticated}. */
    Uni<Caller> authenticate(ContainerRequestContext request);

    /** Whether this API has anything at all for a caller; who it has nothing for is not told which paths exist. */
    boolean knows(Caller caller);

    /** What a caller is told whose roles do not allow the call. */
    Failure roleRefused(Caller caller);

    /** The failure as this API tells it. */
    Response answer(Failure failure, RequestId id);
}
