package dev.offshoot.api.http;

import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;
import dev.offshoot.value.ClientNetwork;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of an admitted call that takes one, as far as its limit goes: 415 for what is not declared as JSON in
 * UTF-8 or has an encoding that the call does not accept, 408 for what comes too slowly, 413 for what is too long. It
 * counts what arrives, so a chunked body is bounded like any other; and it reads on for a while behind the limit, so that
 * a client that writes first and reads later gets its answer.
 */
@Singleton
class BodyFilter {
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    /** How much of a body that is too long is taken off the wire and thrown away. */
    private static final long DRAINED = 16L * 1024 * 1024;

    private final CurrentRequest current;
    private final OpenBodies openBodies;

    BodyFilter(CurrentRequest current, OpenBodies openBodies) {
        this.current = current;
        this.openBodies = openBodies;
    }

    @ServerRequestFilter(nonBlocking = true, priority = RequestFilters.BODY)
    public Uni<@Nullable Response> read(ContainerRequestContext request, RoutingContext routing) {
        if (!WITH_BODY.contains(request.getMethod())) {
            return Uni.createFrom().nullItem();
        }
        var wire = routing.request();
        var route = Optional.ofNullable(RequestObservation.of(routing).route());
        var limit = route.map(Route::bodyLimit).orElse(Route.BODY_LIMIT);
        var packed = route.filter(Route::takesGzip).isPresent();
        if (Message.hasBody(wire)) {
            var unreadable = unreadable(wire, packed);
            if (unreadable.isPresent()) {
                return Uni.createFrom().failure(unreadable.get().asException());
            }
        }
        if (Message.waitsToBeAsked(wire)) {
            if (Message.declaredLength(wire) > limit) {
                return Uni.createFrom().failure(new Failure.BodyTooLarge(limit).asException());
            }
            LastAnswer.askForBody(routing);
        }
        var startedAtNanos = System.nanoTime();
        var body = ContentHeaders.encodings(wire).isEmpty() ? new PlainBody(limit) : new GzipBody(limit);
        Place.of(routing).leave();
        return collect(routing, body, limit)
                .onTermination()
                .invoke(body::close)
                .invoke(() -> current.waitedForBody(Duration.ofNanos(System.nanoTime() - startedAtNanos)))
                .invoke(() -> takePlace(routing))
                .invoke(read -> request.setEntityStream(new ByteArrayInputStream(read.getBytes())))
                .map(read -> (@Nullable Response) null);
    }

    private void takePlace(RoutingContext routing) {
        if (!Place.of(routing).take()) {
            throw new Failure.Unavailable(Failure.Unavailable.Cause.TOO_MANY_REQUESTS).asException();
        }
    }

    private static Optional<Failure> unreadable(HttpServerRequest wire, boolean takesGzip) {
        if (!ContentHeaders.isJson(wire)) {
            return Optional.of(new Failure.UnsupportedMediaType());
        }
        var encodings = ContentHeaders.encodings(wire);
        if (encodings.isEmpty() || (takesGzip && encodings.equals(List.of(ContentHeaders.GZIP)))) {
            return Optional.empty();
        }
        return Optional.of(new Failure.UnsupportedMediaType(
                takesGzip ? List.of(ContentHeaders.GZIP, ContentHeaders.IDENTITY) : List.of(ContentHeaders.IDENTITY)));
    }

    private Uni<Buffer> collect(RoutingContext routing, ArrivingBody body, long limit) {
        return Uni.createFrom().emitter(emitter -> {
            var wire = routing.request();
            if (wire.isEnded() || routing.response().closed()) {
                emitter.fail(clientGone());
                return;
            }
            var open = open(routing, body, emitter);
            routing.addEndHandler(end -> open.close());
            var arrived = new long[1];
            wire.handler(chunk -> {
                if (!open.isCounted()) {
                    return;
                }
                arrived[0] += chunk.length();
                body.add(chunk.getBytes());
                open.arrived(chunk.length(), body.kept());
                if (arrived[0] > limit + DRAINED) {
                    giveUp(routing, emitter, new Failure.BodyTooLarge(limit));
                }
            });
            wire.exceptionHandler(gone -> emitter.fail(clientGone()));
            wire.endHandler(end -> {
                if (open.complete()) {
                    finish(body, limit, emitter);
                }
            });
            wire.resume();
        });
    }

    private OpenBodies.OpenBody open(RoutingContext routing, ArrivingBody body, UniEmitter<? super Buffer> emitter) {
        var context = routing.vertx().getOrCreateContext();
        return openBodies.open(
                current.caller().key(), current.incoming().address().map(ClientNetwork::of), failure -> {
                    body.drop();
                    context.runOnContext(here -> giveUp(routing, emitter, failure));
                });
    }

    /** Reads no more of the body, so that nobody finds the next request on its connection. */
    private static void giveUp(RoutingContext routing, UniEmitter<? super Buffer> emitter, Failure failure) {
        if (!routing.request().isEnded()) {
            routing.request().handler(rest -> {});
            LastAnswer.plan(routing);
        }
        emitter.fail(failure.asException());
    }

    private static void finish(ArrivingBody body, long limit, UniEmitter<? super Buffer> emitter) {
        if (body.isTooLong()) {
            emitter.fail(new Failure.BodyTooLarge(limit).asException());
        } else if (!body.isWhole()) {
            emitter.fail(new Failure.MalformedBody(Failure.MalformedBody.Reason.NOT_GZIP).asException());
        } else {
            emitter.complete(body.content());
        }
    }

    /** A client that has gone reads no answer. */
    private static FailureException clientGone() {
        return new Failure.Unavailable(Failure.Unavailable.Cause.CLIENT_GONE).asException();
    }
}
