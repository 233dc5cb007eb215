package dev.offshoot.api.edge;

import dev.offshoot.api.http.ApiAdapter;
import dev.offshoot.api.http.Incoming;
import dev.offshoot.api.http.Proxies;
import dev.offshoot.api.http.RateLimitHeaders;
import dev.offshoot.api.http.Route;
import dev.offshoot.api.http.Routes;
import dev.offshoot.apikey.Caller;
import dev.offshoot.apikey.KeyAuthenticator;
import dev.offshoot.apikey.KeyCheck.Reason;
import dev.offshoot.apikey.KeySource;
import dev.offshoot.apikey.Role;
import dev.offshoot.failure.Failure;
import dev.offshoot.verification.KeyVerification;
import dev.offshoot.verification.Verification;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code /authorize} and every path beneath it, by any method: a reverse proxy's sub-request about a request of a
 * customer's. The proxy shows a key of its own in {@code x-gateway-key}; the customer's is where it was. The answers have
 * no body: 200 with whose key it is, 401 for a key that is not good, 403 for one that is used from elsewhere, and for a
 * proxy that is none, 429 for a customer's key or a proxy's that has used up its rate limit.
 */
@Singleton
class EdgeAdapter implements ApiAdapter {
    static final String PREFIX = "/authorize";

    private static final String GATEWAY_KEY = "x-gateway-key";
    private static final String CUSTOMER_KEY = "x-api-key";
    private static final Routes ROUTES =
            new Routes(List.of(Route.everything(PREFIX, Set.of(Role.GATEWAY, Role.PARTNER))));

    private final KeyAuthenticator keys;
    private final KeyVerification verification;
    private final Proxies proxies;

    EdgeAdapter(KeyAuthenticator keys, KeyVerification verification, Proxies proxies) {
        this.keys = keys;
        this.verification = verification;
        this.proxies = proxies;
    }

    @Override
    public String name() {
        return "edge";
    }

    @Override
    public List<String> prefixes() {
        return List.of(PREFIX);
    }

    @Override
    public Routes routes() {
        return ROUTES;
    }

    /** The customer wrote it, and the product is to judge it. */
    @Override
    public boolean readsTarget() {
        return false;
    }

    /** The proxy. One that is not known is forbidden to ask: a 401 would tell the customer that its own key is wrong. */
    @Override
    public Uni<Caller> authenticate(Incoming request) {
        return keys.authenticate(request.only(GATEWAY_KEY), KeySource.at(callerAddress(request)))
                .map(check -> check.callerOr(reason -> new Failure.Forbidden(reason.text())));
    }

    /** The proxy's own, whatever it forwards. */
    @Override
    public Optional<InetAddress> callerAddress(Incoming request) {
        return Optional.of(Proxies.peer(request));
    }

    /** The customer's, which the proxy passes on to the customer. */
    @Override
    public boolean tellsRateLimit() {
        return false;
    }

    @Override
    public boolean knows(Caller caller) {
        return false;
    }

    @Override
    public Failure roleRefused(Caller caller) {
        return new Failure.Forbidden(Reason.ROLE.text());
    }

    @Override
    public Failure addressRefused(Incoming request) {
        return new Failure.Forbidden(Reason.IP_NOT_ALLOWED.text());
    }

    @Override
    public Uni<@Nullable Response> answerItself(Caller proxy, Incoming request) {
        var presented = customerKey(request);
        return presented.isEmpty()
                ? Uni.createFrom().failure(new Failure.Unauthenticated(Reason.MISSING.text()).asException())
                : verification
                        .verify(proxy, presented.get(), proxies.forwardedFor(request), 1)
                        .map(verified -> answer(verified, request));
    }

    @Override
    public Response.ResponseBuilder render(Failure failure, Incoming request) {
        return Response.status(
                switch (failure.kind()) {
                    case UNAUTHENTICATED -> 401;
                    case FORBIDDEN, ADDRESS_REFUSED -> 403;
                    case RATE_LIMITED -> 429;
                    case UNAVAILABLE -> 503;
                    case BAD_MESSAGE -> 400;
                    case UNSUPPORTED_FRAMING -> 501;
                    case UNSUPPORTED_VERSION -> 505;
                    // Every path and method is the call's, and it reads neither query nor body: these are bugs.
                    case NOT_FOUND,
                            INVALID,
                            MALFORMED_BODY,
                            PRECONDITION_FAILED,
                            IDEMPOTENCY_KEY_REUSED,
                            REQUEST_IN_PROGRESS,
                            EXTERNAL_ID_TAKEN,
                            MEMBER_EXISTS,
                            INVITATION_EXISTS,
                            LAST_OWNER,
                            LIMIT_EXCEEDED,
                            ROLL_UP_TOO_LARGE,
                            ADDRESS_TAKEN,
                            CALLER_LOCKED_OUT,
                            LAST_PARTNER_KEY,
                            DEPTH_EXCEEDED,
                            METHOD_NOT_ALLOWED,
                            NOT_ACCEPTABLE,
                            UNSUPPORTED_MEDIA_TYPE,
                            BODY_TOO_LARGE,
                            BODY_TOO_SLOW,
                            INTERNAL -> 500;
                });
    }

    private static Response answer(Verification verified, Incoming request) {
        verified.rateLimit()
                .ifPresent(result -> RateLimitHeaders.put(request.http().response(), result));
        var holder = verified.check().callerOr(reason -> failure(reason, verified));
        return Response.ok()
                .header("X-Organisation-Id", holder.scope().root())
                .header("X-Organisation-Key", holder.organisationKey())
                .header("X-Api-Key-Id", holder.key())
                .build();
    }

    private static Failure failure(Reason reason, Verification verified) {
        if (reason == Reason.RATE_LIMITED) {
            return verified.rateLimit().orElseThrow().failure();
        }
        return reason == Reason.IP_NOT_ALLOWED
                ? new Failure.Forbidden(reason.text())
                : new Failure.Unauthenticated(reason.text());
    }

    private static Optional<String> customerKey(Incoming request) {
        return request.http().headers().contains(CUSTOMER_KEY) ? request.only(CUSTOMER_KEY) : request.bearerToken();
    }
}
