package dev.offshoot.api.partner;

import dev.offshoot.api.http.ApiAdapter;
import dev.offshoot.api.http.ErrorSpec;
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
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Connects the Partner API: it takes a key in {@code x-api-key}, and answers errors as {@link PartnerError}. It also
 * handles every path that belongs to no other API.
 */
@Singleton
class PartnerAdapter implements ApiAdapter {
    static final String KEY_HEADER = "x-api-key";

    private final KeyAuthenticator keys;

    PartnerAdapter(KeyAuthenticator keys) {
        this.keys = keys;
    }

    @Override
    public String name() {
        return "partner";
    }

    @Override
    public List<String> prefixes() {
        return List.of("");
    }

    @Override
    public Routes routes() {
        return PartnerRoutes.ALL;
    }

    @Override
    public Uni<Caller> authenticate(Incoming request) {
        return keys.authenticate(request.only(KEY_HEADER), KeySource.at(request.address()))
                .map(check -> check.callerOr(reason -> new Failure.Unauthenticated(reason.text())));
    }

    @Override
    public boolean knows(Caller caller) {
        return caller.has(Role.PARTNER);
    }

    /** The contract answers a key without the necessary role like a missing key. */
    @Override
    public Failure roleRefused(Caller caller) {
        return new Failure.Unauthenticated(Reason.ROLE.text());
    }

    /** The contract never reveals which cause it was. */
    @Override
    public Failure addressRefused(Incoming request) {
        return new Failure.Unauthenticated(Reason.IP_NOT_ALLOWED.text());
    }

    @Override
    public Response.ResponseBuilder render(Failure failure, Incoming request) {
        var spec = spec(failure);
        var detail = new PartnerError.Detail(
                spec.code(), spec.message(), request.id().value());
        return Response.status(spec.status())
                .type(MediaType.APPLICATION_JSON_TYPE.withCharset("UTF-8"))
                .entity(new PartnerError(false, spec.code(), detail, violation(failure)));
    }

    private static ErrorSpec spec(Failure failure) {
        return switch (failure.kind()) {
            case UNAUTHENTICATED, FORBIDDEN, ADDRESS_REFUSED ->
                new ErrorSpec(401, "unauthorised", "A valid partner API key is required.");
            case NOT_FOUND -> ofMissing(((Failure.NotFound) failure).subject());
            case INVALID, MALFORMED_BODY ->
                new ErrorSpec(400, "validation_failed", "The request is not valid; see violation.");
            case BAD_MESSAGE ->
                new ErrorSpec(400, "validation_failed", "The request is not well-formed HTTP; see violation.");
            case PRECONDITION_FAILED ->
                new ErrorSpec(
                        412, "precondition_failed", "The organisation is not in the state that the request requires.");
            case IDEMPOTENCY_KEY_REUSED ->
                new ErrorSpec(
                        422,
                        "idempotency_key_reused",
                        "This Idempotency-Key was used for another request, or with other roles.");
            case REQUEST_IN_PROGRESS ->
                new ErrorSpec(
                        409, "request_in_progress", "The same request is still being carried out; see Retry-After.");
            case EXTERNAL_ID_TAKEN ->
                new ErrorSpec(409, "partner_external_id_taken", "Another organisation has this partner_external_id.");
            case CALLER_LOCKED_OUT ->
                new ErrorSpec(409, "caller_locked_out", "The change would shut out the key and address it comes from.");
            case LAST_PARTNER_KEY ->
                new ErrorSpec(
                        409,
                        "last_partner_key",
                        "The root keeps a partner key that never expires and works from everywhere; this is the last.");
            case DEPTH_EXCEEDED ->
                new ErrorSpec(
                        409,
                        "depth_exceeded",
                        "Organisations can't be nested deeper than " + ((Failure.DepthExceeded) failure).limit()
                                + " levels.");
            case METHOD_NOT_ALLOWED ->
                new ErrorSpec(405, "method_not_allowed", "The path does not support this method.");
            case NOT_ACCEPTABLE -> new ErrorSpec(406, "not_acceptable", "Only application/json can be produced.");
            case BODY_TOO_LARGE ->
                new ErrorSpec(
                        413,
                        "payload_too_large",
                        "The body is longer than " + ((Failure.BodyTooLarge) failure).limit() + " bytes.");
            case UNSUPPORTED_MEDIA_TYPE ->
                new ErrorSpec(415, "unsupported_media_type", ofMediaType((Failure.UnsupportedMediaType) failure));
            case BODY_TOO_SLOW -> new ErrorSpec(408, "request_timeout", "The body did not arrive in time.");
            case UNSUPPORTED_FRAMING ->
                new ErrorSpec(501, "not_implemented", "The only transfer coding is chunked, given once.");
            case UNSUPPORTED_VERSION ->
                new ErrorSpec(505, "http_version_not_supported", "This is neither HTTP/1.1 nor HTTP/1.0.");
            // Only other APIs change access list entries, members and invitations; here these failures can only be a
            // bug.
            case ADDRESS_TAKEN, MEMBER_EXISTS, INVITATION_EXISTS, LAST_OWNER, LIMIT_EXCEEDED, INTERNAL ->
                new ErrorSpec(500, "internal_error", "Something went wrong here.");
            case ROLL_UP_TOO_LARGE -> ofRollUp((Failure.RollUpTooLarge) failure);
            case RATE_LIMITED -> ofRate((Failure.RateLimited) failure);
            case UNAVAILABLE -> new ErrorSpec(503, "unavailable", "The service can't answer now; try again later.");
        };
    }

    private static ErrorSpec ofRollUp(Failure.RollUpTooLarge exceeded) {
        var part = exceeded.part().name().toLowerCase(Locale.ROOT);
        return new ErrorSpec(
                409,
                "limit_exceeded",
                "A roll-up can't have more than " + exceeded.limit() + " " + part
                        + "; read the usage of the children one by one.");
    }

    private static ErrorSpec ofRate(Failure.RateLimited limited) {
        return new ErrorSpec(
                429,
                "rate_limited",
                "The key has used up its rate limit of " + limited.requestsPerSecond()
                        + " per second; see Retry-After.");
    }

    private static String ofMediaType(Failure.UnsupportedMediaType unsupported) {
        return unsupported.acceptedEncodings().isEmpty()
                ? "The body must be declared as application/json in UTF-8."
                : "The body has an encoding that this call does not accept; see Accept-Encoding.";
    }

    private static ErrorSpec ofMissing(Failure.Subject subject) {
        return switch (subject) {
            case PATH -> new ErrorSpec(404, "not_found", "There is no such path.");
            case API_KEY, ACCESS_ENTRY -> new ErrorSpec(404, "api_key_not_found", "There is no such API key.");
            case ORGANISATION, MEMBER, INVITATION, PLAN ->
                new ErrorSpec(404, "organisation_not_found", "There is no such organisation.");
        };
    }

    private static @Nullable Map<String, String> violation(Failure failure) {
        if (failure instanceof Failure.MalformedBody malformed) {
            return Map.of("body", malformed.reason().message());
        }
        if (failure instanceof Failure.BadMessage bad) {
            return violation(bad.part());
        }
        if (failure instanceof Failure.Invalid invalid) {
            var messages = new LinkedHashMap<String, String>();
            invalid.violations().forEach(violation -> messages.putIfAbsent(violation.field(), violation.message()));
            return messages;
        }
        return null;
    }

    private static Map<String, String> violation(Failure.MessagePart part) {
        return switch (part) {
            case HOST -> Map.of("host", "must be a host name or address, and a port at most");
            case TARGET ->
                Map.of("target", "must be a path that begins with a slash, percent-encoded where it has to be");
            case HEADER -> Map.of("header", "must have a name");
        };
    }
}
