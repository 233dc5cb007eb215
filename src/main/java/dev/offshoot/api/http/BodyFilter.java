package dev.offshoot.api.http;

import dev.offshoot.failure.Failure;
import io.smallrye.mutiny.Uni;
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

    /** How long a client may take to send its body. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ApiAdapters adapters;
    private final CurrentRequest current;

    BodyFilter(ApiAdapters adapters, CurrentRequest current) {
        this.adapters = adapters;
        this.current = current;
    }

    @ServerRequestFilter(nonBlocking = true, priority = RequestFilters.BODY)
    public Uni<@Nullable Response> read(ContainerRequestContext request, RoutingContext routing) {
        if (!WITH_BODY.contains(request.getMethod())) {
            return Uni.createFrom().nullItem();
        }
        var wire = routing.request();
        var route = adapters.of(current.incoming().path())
                .routes()
                .find(request.getMethod(), current.incoming().path());
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
        return collect(routing, body, limit)
                .ifNoItem()
                .after(PATIENCE)
                .failWith(() -> {
                    LastAnswer.plan(routing);
                    return new Failure.BodyTooSlow().asException();
                })
                .onTermination()
                .invoke(body::close)
                .invoke(() -> current.waitedForBody(Duration.ofNanos(System.nanoTime() - startedAtNanos)))
                .invoke(read -> request.setEntityStream(new ByteArrayInputStream(read.getBytes())))
                .map(read -> (@Nullable Response) null);
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

    /** A client that has gone reads no answer. */
    private static Uni<Buffer> collect(RoutingContext routing, ArrivingBody body, long limit) {
        var wire = routing.request();
        return Uni.createFrom().emitter(emitter -> {
            if (wire.isEnded() || routing.response().closed()) {
                emitter.fail(new Failure.Unavailable(Failure.Unavailable.Cause.CLIENT_GONE).asException());
                return;
            }
            var arrived = new long[1];
            wire.handler(chunk -> {
                arrived[0] += chunk.length();
                body.add(chunk.getBytes());
                if (arrived[0] > limit + DRAINED) {
                    LastAnswer.plan(routing);
                    emitter.fail(new Failure.BodyTooLarge(limit).asException());
                }
            });
            wire.exceptionHandler(
                    gone -> emitter.fail(new Failure.Unavailable(Failure.Unavailable.Cause.CLIENT_GONE).asException()));
            wire.endHandler(end -> {
                if (body.isTooLong()) {
                    emitter.fail(new Failure.BodyTooLarge(limit).asException());
                } else if (!body.isWhole()) {
                    emitter.fail(new Failure.MalformedBody(Failure.MalformedBody.Reason.NOT_GZIP).asException());
                } else {
                    emitter.complete(body.content());
                }
            });
            wire.resume();
        });
    }
}
