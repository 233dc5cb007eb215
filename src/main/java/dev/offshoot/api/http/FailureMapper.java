package dev.offshoot.api.http;

import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers whatever a resource, a filter or the framework throws. */
@Singleton
class FailureMapper {
    private final CurrentRequest current;
    private final ErrorResponder errors;

    FailureMapper(CurrentRequest current, ErrorResponder errors) {
        this.current = current;
        this.errors = errors;
    }

    @ServerExceptionMapper(Throwable.class)
    public Response answer(Throwable thrown) {
        return errors.respond(thrown, current.incoming());
    }
}
