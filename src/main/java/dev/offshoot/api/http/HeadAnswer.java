package dev.offshoot.api.http;

import jakarta.inject.Singleton;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Gives the answer to HEAD the content length of the answer to GET (RFC 9110, section 9.3.2). */
@Singleton
class HeadAnswer {
    /** 204 and 304 say nothing of a length that a body would have (RFC 9110, section 8.6). */
    private static final Set<Integer> WITHOUT_BODY = Set.of(204, 304);

    private final Bodies bodies;

    HeadAnswer(Bodies bodies) {
        this.bodies = bodies;
    }

    @ServerResponseFilter
    public void measure(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getMethod().equals(HttpMethod.HEAD) && !WITHOUT_BODY.contains(response.getStatus())) {
            var entity = response.hasEntity() ? response.getEntity() : null;
            response.getHeaders().putSingle(HttpHeaders.CONTENT_LENGTH, bodies.bytes(entity).length);
        }
    }
}
