package dev.offshoot.api.http;

import jakarta.inject.Singleton;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Gives the answer to HEAD the content length of the answer to GET (RFC 9110, section 9.3.2). */
@Singleton
class HeadAnswer {
    private static final int NO_CONTENT = 204;

    private final Bodies bodies;

    HeadAnswer(Bodies bodies) {
        this.bodies = bodies;
    }

    @ServerResponseFilter
    public void measure(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getMethod().equals(HttpMethod.HEAD) && response.getStatus() != NO_CONTENT) {
            var entity = response.hasEntity() ? response.getEntity() : null;
            response.getHeaders().putSingle(HttpHeaders.CONTENT_LENGTH, bodies.bytes(entity).length);
        }
    }
}
