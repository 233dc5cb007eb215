package dev.offshoot.api.http;

import dev.offshoot.apikey.Caller;
import dev.offshoot.failure.Failure;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.InetAddress;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What tells one API from another, before and after its resources: where it lies, how it reads a credential, how it
 * words a failure. The one key filter and the one exception mapper ask it.
 */
public interface ApiAdapter {

    /** What it is called in metrics and traces. */
    String name();

    /** The segments that its paths begin with, empty for none; the adapter with the most that fit answers. */
    String prefix();

    Routes routes();

    /** Who calls; fails with {@link Failure.Unauthenticated}. */
    Uni<Caller> authenticate(Incoming request);

    /** The address that the caller's access list is held against: the client's, seen through the configured proxies. */
    default InetAddress callerAddress(Incoming request) {
        return request.address();
    }

    /** The answer to an admitted call that no resource answers, or null where one does. */
    default Uni<@Nullable Response> answerItself(Caller caller, Incoming request) {
        return Uni.createFrom().nullItem();
    }

    /** Whether this API has anything at all for a caller; who it has nothing for is not told which paths exist. */
    boolean knows(Caller caller);

    /** What a caller is told whose roles do not allow the call. */
    Failure roleRefused(Caller caller);

    /** What a caller is told whose access list does not hold the address. */
    Failure addressRefused(Incoming request);

    /** The failure as this API words it. */
    Response.ResponseBuilder render(Failure failure, Incoming request);

    /** What the client is told of a failure: this API's words, and the headers that come with it on every API. */
    default Response answer(Failure failure, Incoming request) {
        var response = render(failure, request);
        if (failure instanceof Failure.MethodNotAllowed method) {
            response.header(HttpHeaders.ALLOW, String.join(", ", new TreeSet<>(method.allowed())));
        }
        if (failure instanceof Failure.Unavailable unavailable) {
            response.header(HttpHeaders.RETRY_AFTER, unavailable.retryAfterSeconds());
        }
        return response.build();
    }
}
