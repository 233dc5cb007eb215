package dev.offshoot.api;

import dev.offshoot.apikey.Caller;
import dev.offshoot.failure.Failure;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.core.Response;

/**
 * What tells one API from another, before and after its resources: where it lies, how it reads a credential, how it
 * words a failure. The one key filter and the one exception mapper ask it.
 */
public interface ApiSurface {

    /** The segments that its paths begin with, empty for none; the surface with the most that fit answers. */
    String prefix();

    Routes routes();

    /** Who calls; fails with {@link Failure.Unauthenticated}. */
    Uni<Caller> authenticate(Incoming request);

    /** Whether this API has anything at all for a caller; who it has nothing for is not told which paths exist. */
    boolean knows(Caller caller);

    /** What a caller is told whose roles do not allow the call. */
    Failure roleRefused(Caller caller);

    /** What a caller is told whose access list does not hold the address. */
    Failure addressRefused(Incoming request);

    /** The failure as this API tells it. */
    Response answer(Failure failure, Incoming request);
}
