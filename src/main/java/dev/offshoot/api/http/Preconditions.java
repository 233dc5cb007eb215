package dev.offshoot.api.http;

import dev.offshoot.api.read.EntityTags;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.Violation;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * In which states of an organisation a request wants to be carried out (RFC 9110, section 13). Answers carry the state's
 * tag as a strong entity tag.
 *
 * @param match from {@code If-Match}; null without it
 * @param noneMatch from {@code If-None-Match}; null without it
 */
public record Preconditions(
        @Nullable EntityTags match, @Nullable EntityTags noneMatch) {
    private static final String MALFORMED = "must be an asterisk, or entity tags in double quotes, separated by commas";

    /** Fails with {@link Failure.Invalid}. */
    static Preconditions of(Incoming request) {
        return new Preconditions(
                read(request, HttpHeaders.IF_MATCH, "if_match"),
                read(request, HttpHeaders.IF_NONE_MATCH, "if_none_match"));
    }

    private static @Nullable EntityTags read(Incoming request, String header, String field) {
        var lines = request.http().headers().getAll(header);
        return lines.isEmpty() ? null : EntityTags.parse(lines).orElseThrow(() -> malformed(field));
    }

    private static RuntimeException malformed(String field) {
        return new Failure.Invalid(Failure.Source.HEADER, List.of(Violation.of(field, MALFORMED))).asException();
    }

    /** Whether a call that changes something may be carried out in the state with this tag. */
    public boolean allowChange(String tag) {
        return isMatched(tag) && !isNoneMatchRefused(tag);
    }

    /**
     * The answer to a call that reads: the body with its tag, or 304 if the client has that state. Fails with
     * {@link Failure.PreconditionFailed}.
     */
    public <T> RestResponse<T> answer(String tag, T body) {
        return isNotModified(tag)
                ? RestResponse.ResponseBuilder.<T>create(RestResponse.Status.NOT_MODIFIED)
                        .header(HttpHeaders.ETAG, quoted(tag))
                        .build()
                : tagged(tag, body);
    }

    /** Like {@link #answer(String, Object)}, for an answer with headers of its own, which a 304 keeps. */
    public Response answer(String tag, Response full) {
        var tagged = tagged(tag, full);
        return isNotModified(tag)
                ? Response.fromResponse(tagged)
                        .status(Response.Status.NOT_MODIFIED)
                        .entity(null)
                        .type((MediaType) null)
                        .build()
                : tagged;
    }

    /** The answer to a call that creates or changes something: the body with the tag of the new state. */
    public static <T> RestResponse<T> tagged(String tag, T body) {
        return RestResponse.ResponseBuilder.ok(body)
                .header(HttpHeaders.ETAG, quoted(tag))
                .build();
    }

    /** Like {@link #tagged(String, Object)}, for an answer with headers of its own. */
    public static Response tagged(String tag, Response full) {
        return Response.fromResponse(full).header(HttpHeaders.ETAG, quoted(tag)).build();
    }

    private boolean isNotModified(String tag) {
        if (!isMatched(tag)) {
            throw new Failure.PreconditionFailed().asException();
        }
        return isNoneMatchRefused(tag);
    }

    private boolean isMatched(String tag) {
        return match == null || match.holdStrongly(tag);
    }

    private boolean isNoneMatchRefused(String tag) {
        return noneMatch != null && noneMatch.holdWeakly(tag);
    }

    private static String quoted(String tag) {
        return '"' + tag + '"';
    }
}
