package dev.offshoot.api.http;

import dev.offshoot.failure.Failure;
import dev.offshoot.failure.Violation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Answers every failure in the form of the API that was called, and logs it at debug level. */
@ApplicationScoped
class ErrorResponder {
    private static final Logger LOG = Logger.getLogger(ErrorResponder.class);

    private final ApiAdapters adapters;
    private final Failures failures;
    private final UnavailableAnswers unavailableAnswers;

    ErrorResponder(ApiAdapters adapters, Failures failures, UnavailableAnswers unavailableAnswers) {
        this.adapters = adapters;
        this.failures = failures;
        this.unavailableAnswers = unavailableAnswers;
    }

    Response respond(Throwable thrown, Incoming request) {
        return respond(failures.failure(thrown, request.id()), request);
    }

    Response respond(Failure failure, Incoming request) {
        var api = adapters.of(request.path());
        var response = api.render(failure, request);
        if (failure instanceof Failure.MethodNotAllowed method) {
            response.header(HttpHeaders.ALLOW, String.join(", ", new TreeSet<>(method.allowed())));
        }
        if (failure instanceof Failure.Unavailable unavailable) {
            response.header(HttpHeaders.RETRY_AFTER, unavailable.retryAfterSeconds());
            unavailableAnswers.count(unavailable.cause());
        }
        if (failure instanceof Failure.RequestInProgress running) {
            response.header(HttpHeaders.RETRY_AFTER, running.retryAfterSeconds());
        }
        if (failure instanceof Failure.RateLimited limited) {
            response.header(HttpHeaders.RETRY_AFTER, limited.retryAfterSeconds());
        }
        if (failure instanceof Failure.UnsupportedMediaType unsupported
                && !unsupported.acceptedEncodings().isEmpty()) {
            response.header(HttpHeaders.ACCEPT_ENCODING, String.join(", ", unsupported.acceptedEncodings()));
        }
        var answer = response.build();
        if (LOG.isDebugEnabled()) {
            LOG.debugf(
                    "A request was refused: api=%s status=%d reason=%s request=%s",
                    api.name(), answer.getStatus(), reason(failure), request.id());
        }
        return answer;
    }

    /**
     * Describes the failure for the log, in our own words. Of what the client sent it holds only the names of fields.
     */
    private static String reason(Failure failure) {
        var kind = failure.kind().name().toLowerCase(Locale.ROOT);
        if (failure instanceof Failure.Unauthenticated unauthenticated) {
            return kind + ":" + unauthenticated.reason();
        }
        if (failure instanceof Failure.Forbidden forbidden) {
            return kind + ":" + forbidden.reason();
        }
        if (failure instanceof Failure.NotFound missing) {
            return kind + ":" + missing.subject().name().toLowerCase(Locale.ROOT);
        }
        if (failure instanceof Failure.MalformedBody malformed) {
            return kind + ":" + malformed.reason().name().toLowerCase(Locale.ROOT);
        }
        return failure instanceof Failure.Invalid invalid
                ? kind + ":"
                        + invalid.violations().stream().map(Violation::field).collect(Collectors.joining(","))
                : kind;
    }
}
