package dev.offshoot.api.cloudmanager;

import dev.offshoot.api.http.Incoming;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.Failure.Source;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Words failures as the Cloud Manager API does: one error, with a code and the values that it speaks of. */
final class Errors {
    private Errors() {}

    static CloudManagerError of(Failure failure, Incoming request) {
        return switch (failure.kind()) {
            case UNAUTHENTICATED -> error(401, "NO_CURRENT_USER", "No current user.", "Unauthorized");
            case FORBIDDEN ->
                error(403, "USER_UNAUTHORIZED", "Current user is not authorized to perform this action.", "Forbidden");
            case ADDRESS_REFUSED -> ofRefused(((Failure.AddressRefused) failure).address());
            case NOT_FOUND -> ofMissing(((Failure.NotFound) failure).subject(), request);
            case INVALID -> ofInvalid((Failure.Invalid) failure);
            case MALFORMED_BODY ->
                badRequest(
                        "INVALID_JSON",
                        "The body " + ((Failure.MalformedBody) failure).reason().message() + ".");
            case BAD_MESSAGE -> badRequest("INVALID_ATTRIBUTE", "The request line or a header of it is malformed.");
            case PRECONDITION_FAILED ->
                error(
                        412,
                        "PRECONDITION_FAILED",
                        "The organization is not in the state that the request requires.",
                        "Precondition Failed");
            case ADDRESS_TAKEN -> ofTaken(((Failure.AddressTaken) failure).address());
            case CALLER_LOCKED_OUT ->
                error(
                        409,
                        "CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST",
                        "The change would shut out the key and address it comes from.",
                        "Conflict");
            case MEMBER_EXISTS ->
                error(409, "USER_ALREADY_IN_ORG", "The user is already a member of the organization.", "Conflict");
            case INVITATION_EXISTS ->
                error(409, "USER_ALREADY_INVITED", "The user is already invited to the organization.", "Conflict");
            case LIMIT_EXCEEDED -> ofLimit((Failure.LimitExceeded) failure);
            case DEPTH_EXCEEDED ->
                error(409, "DEPTH_EXCEEDED", "Organizations cannot be nested any deeper.", "Conflict");
            case METHOD_NOT_ALLOWED ->
                error(405, "METHOD_NOT_ALLOWED", "The resource does not support this method.", "Method Not Allowed");
            case NOT_ACCEPTABLE ->
                error(406, "NOT_ACCEPTABLE", "Only application/json can be produced.", "Not Acceptable");
            case UNSUPPORTED_MEDIA_TYPE ->
                error(
                        415,
                        "UNSUPPORTED_MEDIA_TYPE",
                        ofMediaType((Failure.UnsupportedMediaType) failure),
                        "Unsupported Media Type");
            case BODY_TOO_SLOW -> error(408, "REQUEST_TIMEOUT", "The body did not arrive in time.", "Request Timeout");
            case UNSUPPORTED_FRAMING ->
                error(501, "NOT_IMPLEMENTED", "The only transfer coding is chunked, given once.", "Not Implemented");
            case UNSUPPORTED_VERSION ->
                error(
                        505,
                        "HTTP_VERSION_NOT_SUPPORTED",
                        "This is neither HTTP/1.1 nor HTTP/1.0.",
                        "HTTP Version Not Supported");
            case BODY_TOO_LARGE -> error(413, "PAYLOAD_TOO_LARGE", "The body is too long.", "Payload Too Large");
            case RATE_LIMITED -> ofRate((Failure.RateLimited) failure);
            case UNAVAILABLE ->
                error(
                        503,
                        "SERVICE_UNAVAILABLE",
                        "The service cannot answer now; try again later.",
                        "Service Unavailable");
            // This API sets no external ids, changes no members, reads no usage, shows no partner keys and takes no
            // Idempotency-Key. So all of these can only be a bug.
            case EXTERNAL_ID_TAKEN,
                    ROLL_UP_TOO_LARGE,
                    LAST_OWNER,
                    LAST_PARTNER_KEY,
                    IDEMPOTENCY_KEY_REUSED,
                    REQUEST_IN_PROGRESS,
                    INTERNAL ->
                error(500, "UNEXPECTED_ERROR", "An unexpected error occurred.", "Internal Server Error");
        };
    }

    private static CloudManagerError ofRate(Failure.RateLimited limited) {
        var rate = String.valueOf(limited.requestsPerSecond());
        return error(
                429,
                "RATE_LIMITED",
                "The API key has used up its rate limit of " + rate + " per second; see Retry-After.",
                "Too Many Requests",
                rate);
    }

    private static String ofMediaType(Failure.UnsupportedMediaType unsupported) {
        return unsupported.acceptedEncodings().isEmpty()
                ? "The body must be declared as application/json in UTF-8."
                : "The body has an encoding that this call does not accept; see Accept-Encoding.";
    }

    private static CloudManagerError ofMissing(Failure.Subject subject, Incoming request) {
        var segments = List.of(request.path().split("/"));
        return switch (subject) {
            case PATH, MEMBER, PLAN ->
                notFound("RESOURCE_NOT_FOUND", "Cannot find resource " + request.sentPath() + ".", request.sentPath());
            case ORGANISATION -> {
                var id = after(segments, "orgs");
                yield notFound("ORG_NOT_FOUND", "No organization with ID " + id + " exists.", id);
            }
            case API_KEY -> {
                var id = after(segments, "apiKeys");
                yield notFound("API_KEY_NOT_FOUND", "No API key with ID " + id + " exists.", id);
            }
            case INVITATION -> ofMissingInvitation(segments);
            case ACCESS_ENTRY -> {
                var address = String.join("/", segments.subList(segments.indexOf("accessList") + 1, segments.size()));
                yield notFound(
                        "ACCESS_LIST_NOT_FOUND",
                        "No access list entry " + decoded(address) + " exists.",
                        decoded(address));
            }
        };
    }

    /** One that was looked for by the user's name has no id in the path. */
    private static CloudManagerError ofMissingInvitation(List<String> segments) {
        if (segments.get(segments.size() - 1).equals("invites")) {
            return error(404, "INVITATION_NOT_FOUND", "The user is not invited to the organization.", "Not Found");
        }
        var id = after(segments, "invites");
        return notFound("INVITATION_NOT_FOUND", "No invitation with ID " + id + " exists.", id);
    }

    private static CloudManagerError ofLimit(Failure.LimitExceeded exceeded) {
        var what = exceeded.what().name().toLowerCase(Locale.ROOT);
        return error(
                409,
                "LIMIT_EXCEEDED",
                "An organization cannot have more than " + exceeded.limit() + " " + what + ".",
                "Conflict");
    }

    private static CloudManagerError ofInvalid(Failure.Invalid invalid) {
        var first = invalid.violations().get(0);
        var field = first.field();
        var sentence = first.message();
        if (invalid.source() == Source.QUERY) {
            return badRequest("INVALID_QUERY_PARAMETER", "The query parameter " + field + " " + sentence + ".", field);
        }
        if (invalid.source() == Source.HEADER) {
            var header = field.replace('_', '-');
            return badRequest("INVALID_ATTRIBUTE", "The header " + header + " " + sentence + ".", header);
        }
        return switch (first.kind()) {
            case REQUIRED ->
                badRequest("MISSING_ATTRIBUTE", "The required attribute " + field + " was not specified.", field);
            case UNKNOWN_CHOICE ->
                badRequest("INVALID_ENUM_VALUE", "The attribute " + field + " " + sentence + ".", field);
            case REPEATED ->
                badRequest("DUPLICATE_ADDRESSES_IN_INPUT", "The addresses in the input are not distinct.", field);
            case OTHER -> badRequest("INVALID_ATTRIBUTE", "The attribute " + field + " " + sentence + ".", field);
        };
    }

    private static CloudManagerError ofRefused(String address) {
        return new CloudManagerError(
                "IP address " + address + " is not allowed to access this resource.",
                403,
                "IP_ADDRESS_NOT_ON_ACCESS_LIST",
                List.of(address),
                "Forbidden");
    }

    private static CloudManagerError ofTaken(String address) {
        return new CloudManagerError(
                "The address " + address + " is already on the access list.",
                409,
                "ADDRESS_ALREADY_IN_ACCESS_LIST",
                List.of(address),
                "Conflict");
    }

    private static CloudManagerError badRequest(String code, String detail, String... parameters) {
        return error(400, code, detail, "Bad Request", parameters);
    }

    private static CloudManagerError notFound(String code, String detail, String parameter) {
        return error(404, code, detail, "Not Found", parameter);
    }

    private static CloudManagerError error(
            int status, String code, String detail, String reason, String... parameters) {
        return new CloudManagerError(detail, status, code, List.of(parameters), reason);
    }

    private static String after(List<String> segments, String name) {
        return decoded(segments.get(segments.indexOf(name) + 1));
    }

    /** The server has refused a malformed encoding before. */
    private static String decoded(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
