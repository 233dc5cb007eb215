package dev.offshoot.api.http;

import dev.offshoot.failure.Failure;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** Answers a request that the REST framework does not get to see, in the form of the API that it is aimed at. */
@Singleton
class EarlyAnswer {
    private final ErrorResponder errors;
    private final Proxies proxies;
    private final Bodies bodies;

    EarlyAnswer(ErrorResponder errors, Proxies proxies, Bodies bodies) {
        this.errors = errors;
        this.proxies = proxies;
        this.bodies = bodies;
    }

    void refuse(RoutingContext routing, Failure failure) {
        var id = RequestId.of(routing.request());
        var answer = errors.respond(failure, proxies.see(id, routing));
        var response = routing.response().setStatusCode(answer.getStatus());
        response.putHeader(RequestId.HEADER, id.value());
        answer.getStringHeaders().forEach(response::putHeader);
        response.end(Buffer.buffer(bodies.bytes(answer.getEntity())));
        // A body that nobody reads would hold up what follows on the connection.
        if (!routing.request().isEnded()) {
            routing.request().resume();
        }
    }
}
