package dev.offshoot.api.http;

import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The one way out for what went wrong: the failure, in the words of the API that was called. */
@Singleton
class FaultMapper {
    private final ApiAdapters adapters;
    private final CurrentRequest current;
    private final Faults faults;

    FaultMapper(ApiAdapters adapters, CurrentRequest current, Faults faults) {
        this.adapters = adapters;
        this.current = current;
        this.faults = faults;
    }

    @ServerExceptionMapper(Throwable.class)
    public Response answer(Throwable thrown) {
        var request = current.incoming();
        return adapters.of(request.path()).answer(faults.failure(thrown, request.id()), request);
    }
}
