package dev.offshoot.peer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebInputException;

/** Answers what can't be done in the Partner API's shape. */
@RestControllerAdvice
class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    /** An expected outcome, without a stack trace. */
    abstract static class Expected extends RuntimeException {
        Expected(String message) {
            super(message, null, false, false);
        }
    }

    static final class Refused extends Expected {
        private final int status;

        Refused(int status) {
            super("refused");
            this.status = status;
        }
    }

    static final class NotFound extends Expected {
        NotFound() {
            super("There is no such organisation.");
        }
    }

    static final class Invalid extends Expected {
        Invalid(String field) {
            super(field);
        }
    }

    static final class Conflict extends Expected {
        private final String code;

        Conflict(String code, String message) {
            super(message);
            this.code = code;
        }
    }

    @ExceptionHandler
    ResponseEntity<Views.Failure> refused(Refused refused, ServerWebExchange exchange) {
        return exchange.getRequest().getPath().value().startsWith("/authorize")
                ? ResponseEntity.status(refused.status).build()
                : failure(refused.status, "unauthorised", "A valid partner API key is required.", exchange);
    }

    @ExceptionHandler
    ResponseEntity<Views.Failure> notFound(NotFound missing, ServerWebExchange exchange) {
        return failure(404, "organisation_not_found", missing.getMessage(), exchange);
    }

    @ExceptionHandler({Invalid.class, ServerWebInputException.class})
    ResponseEntity<Views.Failure> invalid(ServerWebExchange exchange) {
        return failure(400, "validation_failed", "The request is not valid; see violation.", exchange);
    }

    @ExceptionHandler
    ResponseEntity<Views.Failure> conflict(Conflict conflict, ServerWebExchange exchange) {
        return failure(409, conflict.code, conflict.getMessage(), exchange);
    }

    @ExceptionHandler
    ResponseEntity<Views.Failure> internal(Exception bug, ServerWebExchange exchange) {
        LOG.error("a bug", bug);
        return failure(500, "internal_error", "Something went wrong here.", exchange);
    }

    private static ResponseEntity<Views.Failure> failure(
            int status, String code, String message, ServerWebExchange exchange) {
        return ResponseEntity.status(status)
                .contentType(MediaType.parseMediaType(Views.JSON))
                .body(Views.failure(code, message, RequestIdFilter.of(exchange)));
    }
}
