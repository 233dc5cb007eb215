package dev.offshoot.api.http;

import dev.offshoot.apikey.Role;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;
import dev.offshoot.failure.Violation;
import dev.offshoot.idempotency.Answer;
import dev.offshoot.idempotency.Attempt;
import dev.offshoot.idempotency.Claims;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bson.types.Binary;
import org.jspecify.annotations.Nullable;

/**
 * Lets a client send a write again ({@code Idempotency-Key}, draft-ietf-httpapi-idempotency-key-header): the work is done
 * once, and each time the request gets the first answer. Without the header the work is done as if this were not here.
 */
@Singleton
public class Retries {
    private static final String HEADER = "Idempotency-Key";
    private static final String REPLAYED = "Idempotent-Replayed";
    private static final Pattern FORM = Pattern.compile("[ -~]{1,255}");
    private static final String RULE = "must be 1 to 255 printable ASCII characters, and given only once";

    /**
     * What the database decided, so that the same request would not do better: 404, 409 and 412. A caller who would be locked
     * out is not among them: another key of the same organisation may send that request.
     */
    private static final Set<Failure.Kind> KEPT = EnumSet.of(
            Failure.Kind.NOT_FOUND,
            Failure.Kind.PRECONDITION_FAILED,
            Failure.Kind.EXTERNAL_ID_TAKEN,
            Failure.Kind.LAST_PARTNER_KEY,
            Failure.Kind.DEPTH_EXCEEDED,
            Failure.Kind.ROLL_UP_TOO_LARGE);

    private final CurrentRequest current;
    private final Claims claims;
    private final ErrorResponder errors;
    private final Bodies bodies;

    Retries(CurrentRequest current, Claims claims, ErrorResponder errors, Bodies bodies) {
        this.current = current;
        this.claims = claims;
        this.errors = errors;
        this.bodies = bodies;
    }

    /**
     * What came of the work.
     *
     * @param shows the organisation that the answer shows, or shows keys of; null if it may always be given again
     */
    public record Outcome(@Nullable OrgId shows, Response answer) {

        /** An answer that is always given again. */
        public static Outcome of(Response answer) {
            return new Outcome(null, answer);
        }

        /** An answer that is given again only to those who can still see the organisation. */
        public static Outcome showing(OrgId organisation, Response answer) {
            return new Outcome(organisation, answer);
        }
    }

    /**
     * Does the work of the current request, once for all the times that it is sent. Call it after the body was read. Fails
     * with {@link Failure.Invalid} for a malformed header, and like {@link Claims#once}.
     *
     * @param look finds the organisation that a kept answer shows, or fails
     */
    public Uni<Response> once(byte[] body, Function<OrgId, Uni<?>> look, Function<Attempt, Uni<Outcome>> work) {
        var request = current.incoming();
        var key = key(request);
        if (key.isEmpty()) {
            return Uni.createFrom().deferred(() -> work.apply(Attempt.once())).map(Outcome::answer);
        }
        var caller = current.caller();
        var roles = caller.roles().stream().map(Role::name).collect(Collectors.toSet());
        var asked = new Claims.Asked(caller.scope(), roles, key.get(), content(request, body));
        return claims.once(asked, attempt -> answer(request, work, attempt), look)
                .map(Retries::response);
    }

    /** Like {@link #once(byte[], Function, Function)}, for a call without a body whose answer is always given again. */
    public Uni<Response> once(Function<Attempt, Uni<Outcome>> work) {
        return once(new byte[0], shown -> Uni.createFrom().voidItem(), work);
    }

    private static Optional<String> key(Incoming request) {
        var sent = request.http().headers().getAll(HEADER);
        if (sent.isEmpty()) {
            return Optional.empty();
        }
        if (sent.size() > 1 || !FORM.matcher(sent.get(0)).matches()) {
            var violation = Violation.of("idempotency_key", RULE);
            throw new Failure.Invalid(Failure.Source.HEADER, List.of(violation)).asException();
        }
        return Optional.of(sent.get(0));
    }

    /** No part of the head can hold a line break, so that no other request has the same content. */
    private static Binary content(Incoming request, byte[] body) {
        var query = request.http().query();
        var head = request.method() + '\n' + request.sentPath() + '\n' + (query == null ? "" : '?' + query) + '\n';
        var headBytes = head.getBytes(StandardCharsets.UTF_8);
        var content = new byte[headBytes.length + body.length];
        System.arraycopy(headBytes, 0, content, 0, headBytes.length);
        System.arraycopy(body, 0, content, headBytes.length, body.length);
        return new Binary(content);
    }

    private Uni<Answer> answer(Incoming request, Function<Attempt, Uni<Outcome>> work, Attempt attempt) {
        return Uni.createFrom()
                .deferred(() -> work.apply(attempt))
                .map(outcome -> answer(outcome.shows(), outcome.answer()))
                .onFailure(Retries::isKept)
                .recoverWithItem(failure -> answer(null, errors.respond(failure, request)));
    }

    static boolean isKept(Throwable thrown) {
        return thrown instanceof FailureException expected
                && KEPT.contains(expected.failure().kind());
    }

    private Answer answer(@Nullable OrgId shows, Response response) {
        var body = new String(bodies.bytes(response.getEntity()), StandardCharsets.UTF_8);
        return new Answer(response.getStatus(), response.getHeaderString(HttpHeaders.ETAG), body, shows);
    }

    private static Response response(Claims.Given given) {
        var answer = given.answer();
        return Response.status(answer.status())
                .type(MediaType.APPLICATION_JSON_TYPE.withCharset("UTF-8"))
                .header(HttpHeaders.ETAG, answer.tag())
                .header(REPLAYED, given.replayed() ? true : null)
                .entity(answer.body())
                .build();
    }
}
