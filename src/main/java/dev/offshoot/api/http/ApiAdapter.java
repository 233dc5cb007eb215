package dev.offshoot.api.http;

import dev.offshoot.apikey.Caller;
import dev.offshoot.failure.Failure;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.core.Response;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one API differs from another before and after its resources: its prefixes, its credential, its form of errors. The
 * filters and the exception mapper, which all APIs share, ask it.
 */
public interface ApiAdapter {

    /** Its name in metrics, traces and the log. */
    String name();

    /** What its paths begin with, in whole segments; an empty prefix fits every path. The longest that fits counts. */
    List<String> prefixes();

    Routes routes();

    /** Whether the targets of its requests have to be well-formed. */
    default boolean readsTarget() {
        return true;
    }

    /** The caller; fails with {@link Failure.Unauthenticated}. */
    Uni<Caller> authenticate(Incoming request);

    /** The address that the caller's access list is held against: the client's, as the configured proxies forward it. */
    default Optional<InetAddress> callerAddress(Incoming request) {
        return request.address();
    }

    /**
     * Whether answers tell the caller's own rate limit. Those of an API that answers about another key tell that one's.
     */
    default boolean tellsRateLimit() {
        return true;
    }

    /**
     * Makes sure that nobody used the credential before, on any replica; fails with {@link Failure.Unauthenticated}. It
     * may take a database command, so it comes after the rate limit.
     */
    default Uni<Void> preventReplay(Caller caller, Incoming request) {
        return Uni.createFrom().voidItem();
    }

    /** The answer to an admitted call that no resource answers, or null where one does. */
    default Uni<@Nullable Response> answerItself(Caller caller, Incoming request) {
        return Uni.createFrom().nullItem();
    }

    /** Whether this API has any call for a caller. One that it has none for does not learn which paths exist. */
    boolean knows(Caller caller);

    /** The failure of a caller whose roles do not allow the call. */
    Failure roleRefused(Caller caller);

    /** The failure of a caller whose access list does not hold the address. */
    Failure addressRefused(Incoming request);

    /** The failure in this API's form. */
    Response.ResponseBuilder render(Failure failure, Incoming request);
}
