package dev.offshoot.api.monoid;

import dev.offshoot.api.http.ApiAdapter;
import dev.offshoot.api.http.Incoming;
import dev.offshoot.api.http.Routes;
import dev.offshoot.apikey.Caller;
import dev.offshoot.apikey.KeyAuthenticator;
import dev.offshoot.apikey.KeyCheck.Reason;
import dev.offshoot.apikey.KeySource;
import dev.offshoot.apikey.Role;
import dev.offshoot.failure.Failure;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;

/**
 * Connects the Monoid API: it takes a key as a bearer token (RFC 6750, section 2.1), and answers errors as
 * {@link MonoidError}.
 */
@Singleton
class MonoidAdapter implements ApiAdapter {
    private static final String SCHEME = "Bearer";

    private final KeyAuthenticator keys;

    MonoidAdapter(KeyAuthenticator keys) {
        this.keys = keys;
    }

    @Override
    public String name() {
        return "monoid";
    }

    @Override
    public List<String> prefixes() {
        return List.of(MonoidRoutes.BASE);
    }

    @Override
    public Routes routes() {
        return MonoidRoutes.ALL;
    }

    @Override
    public Uni<Caller> authenticate(Incoming request) {
        return keys.authenticate(request.bearerToken(), KeySource.at(request.address()))
                .map(check -> check.callerOr(reason -> new Failure.Unauthenticated(reason.text())));
    }

    @Override
    public boolean knows(Caller caller) {
        return caller.hasAny(Role.READERS);
    }

    @Override
    public Failure roleRefused(Caller caller) {
        return new Failure.Forbidden(Reason.ROLE.text());
    }

    /** The contract has the same 403 for a refused role and a refused address. */
    @Override
    public Failure addressRefused(Incoming request) {
        return new Failure.Forbidden(Reason.IP_NOT_ALLOWED.text());
    }

    @Override
    public Response.ResponseBuilder render(Failure failure, Incoming request) {
        var spec = Errors.of(failure);
        var response = Response.status(spec.status())
                .type(MediaType.APPLICATION_JSON_TYPE.withCharset("UTF-8"))
                .entity(new MonoidError(new MonoidError.Detail(spec.code(), spec.message())));
        if (failure instanceof Failure.Unauthenticated) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, challenge(request));
        }
        return response;
    }

    /** Names an error only if the client sent a bearer token (RFC 6750, section 3.1). */
    private static String challenge(Incoming request) {
        var isBearer = request.http().headers().getAll(HttpHeaders.AUTHORIZATION).stream()
                .anyMatch(sent -> sent.regionMatches(true, 0, SCHEME, 0, SCHEME.length()));
        return isBearer ? "Bearer error=\"invalid_token\"" : "Bearer";
    }
}
