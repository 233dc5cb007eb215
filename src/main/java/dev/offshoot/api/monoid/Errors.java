package dev.offshoot.api.monoid;

import dev.offshoot.api.http.ErrorSpec;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.Violation;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Turns failures into the errors of the Monoid API: a status, a code and one sentence. */
final class Errors {
    private Errors() {}

    static ErrorSpec of(Failure failure) {
        return switch (failure.kind()) {
            case UNAUTHENTICATED -> new ErrorSpec(401, "unauthorised", "A valid API key is required.");
            case FORBIDDEN, ADDRESS_REFUSED -> new ErrorSpec(403, "forbidden", "The API key does not allow this call.");
            case NOT_FOUND -> ofMissing(((Failure.NotFound) failure).subject());
            case INVALID -> invalid(sentence(((Failure.Invalid) failure).violations()));
            case MALFORMED_BODY ->
                invalid("body " + ((Failure.MalformedBody) failure).reason().message());
            case BAD_MESSAGE -> invalid("the request is not well-formed HTTP");
            case PRECONDITION_FAILED ->
                new ErrorSpec(
                        412, "precondition_failed", "The organisation is not in the state that the request requires.");
            case EXTERNAL_ID_TAKEN -> new ErrorSpec(409, "id_taken", "Another organisation has this id.");
            case MEMBER_EXISTS ->
                new ErrorSpec(409, "member_exists", "The organisation has a member with this userId already.");
            case LAST_OWNER ->
                new ErrorSpec(409, "last_owner", "The last owner of an organisation can't be removed or demoted.");
            case LIMIT_EXCEEDED -> ofLimit((Failure.LimitExceeded) failure);
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
            // Only other APIs change keys and invitations, read usage and take an Idempotency-Key. So all of these can
            // only be a bug.
            case ADDRESS_TAKEN,
                    INVITATION_EXISTS,
                    ROLL_UP_TOO_LARGE,
                    CALLER_LOCKED_OUT,
                    LAST_PARTNER_KEY,
                    IDEMPOTENCY_KEY_REUSED,
                    REQUEST_IN_PROGRESS,
                    INTERNAL -> new ErrorSpec(500, "internal_error", "Something went wrong here.");
            case RATE_LIMITED -> ofRate((Failure.RateLimited) failure);
            case UNAVAILABLE -> new ErrorSpec(503, "unavailable", "The service can't answer now; try again later.");
        };
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
            case PATH, INVITATION -> new ErrorSpec(404, "not_found", "There is no such path.");
            case ORGANISATION -> new ErrorSpec(404, "organisation_not_found", "There is no such organisation.");
            case MEMBER -> new ErrorSpec(404, "member_not_found", "The organisation has no such member.");
            case PLAN -> new ErrorSpec(404, "plan_not_found", "The organisation has no plan.");
            case API_KEY, ACCESS_ENTRY -> new ErrorSpec(404, "api_key_not_found", "There is no such API key.");
        };
    }

    private static ErrorSpec ofLimit(Failure.LimitExceeded exceeded) {
        var what = exceeded.what().name().toLowerCase(Locale.ROOT);
        return new ErrorSpec(
                409, "limit_exceeded", "An organisation can't have more than " + exceeded.limit() + " " + what + ".");
    }

    private static ErrorSpec invalid(String why) {
        return new ErrorSpec(400, "validation_failed", "The request is not valid: " + why + ".");
    }

    private static String sentence(List<Violation> violations) {
        return violations.stream()
                .map(violation -> violation.field() + " " + violation.message())
                .collect(Collectors.joining("; "));
    }
}
