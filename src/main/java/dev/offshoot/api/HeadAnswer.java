package dev.offshoot.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.inject.Singleton;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Gives the answer to HEAD the length that the answer to GET would have (RFC 9110, section 9.3.2). */
@Singleton
class HeadAnswer {
    private final ObjectMapper json;

    HeadAnswer(ObjectMapper json) {
        this.json = json;
    }

    @ServerResponseFilter
    public void measure(ContainerRequestContext request, ContainerResponseContext response)
            throws JsonProcessingException {
        if (request.getMethod().equals(HttpMethod.HEAD) && response.hasEntity()) {
            var length = json.writeValueAsBytes(response.getEntity()).length;
            response.getHeaders().putSingle(HttpHeaders.CONTENT_LENGTH, length);
        }
    }
}
