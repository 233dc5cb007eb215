package dev.offshoot.api.http;

import dev.offshoot.failure.Failure;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of an admitted call that takes one, as far as its limit goes: 415 for what is not declared as JSON in
 * UTF-8, 413 for what is too long. It counts what arrives, so a chunked body is bounded like any other; and it reads on
 * for a while behind the limit, so that a client that writes first and reads later gets its answer.
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
        if (hasBody(wire) && !isJson(wire.getHeader(HttpHeaders.CONTENT_TYPE))) {
            return Uni.createFrom().failure(new Failure.UnsupportedMediaType().asException());
        }
        var path = routing.normalizedPath();
        var limit = adapters.of(path)
                .routes()
                .find(request.getMethod(), path)
                .map(Route::bodyLimit)
                .orElse(Route.BODY_LIMIT);
        if (wire.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
            if (declaredLength(wire) > limit) {
                return Uni.createFrom().failure(new Failure.BodyTooLarge(limit).asException());
            }
            wire.response().writeContinue();
        }
        var startedAtNanos = System.nanoTime();
        return collect(wire, limit)
                .ifNoItem()
                .after(PATIENCE)
                .failWith(() -> new Failure.Unavailable(1).asException())
                .invoke(() -> current.waitedForBody(Duration.ofNanos(System.nanoTime() - startedAtNanos)))
                .invoke(body -> request.setEntityStream(new ByteArrayInputStream(body.getBytes())))
                .map(body -> (@Nullable Response) null);
    }

    private static boolean hasBody(HttpServerRequest wire) {
        return wire.headers().contains(HttpHeaders.TRANSFER_ENCODING) || declaredLength(wire) > 0;
    }

    /** The HTTP server has refused whatever is no number. */
    private static long declaredLength(HttpServerRequest wire) {
        var length = wire.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length);
    }

    private static boolean isJson(@Nullable String declared) {
        return declared != null && parse(declared).filter(BodyFilter::isJson).isPresent();
    }

    private static boolean isJson(MediaType type) {
        var charset = type.getParameters().get(MediaType.CHARSET_PARAMETER);
        return type.getType().equalsIgnoreCase("application")
                && type.getSubtype().equalsIgnoreCase("json")
                && (charset == null || charset.equalsIgnoreCase("utf-8"));
    }

    /** The parser knows no other way to say that the client sent no media type. */
    private static Optional<MediaType> parse(String declared) {
        try {
            return Optional.of(MediaType.valueOf(declared));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static Uni<Buffer> collect(HttpServerRequest wire, long limit) {
        return Uni.createFrom().emitter(emitter -> {
            var body = Buffer.buffer();
            var seen = new long[1];
            wire.handler(chunk -> {
                seen[0] += chunk.length();
                if (seen[0] <= limit) {
                    body.appendBuffer(chunk);
                } else if (seen[0] > limit + DRAINED) {
                    emitter.fail(new Failure.BodyTooLarge(limit).asException());
                }
            });
            // The client has gone; nobody is left to read an answer.
            wire.exceptionHandler(gone -> emitter.fail(new Failure.Unavailable(1).asException()));
            wire.endHandler(end -> {
                if (seen[0] > limit) {
                    emitter.fail(new Failure.BodyTooLarge(limit).asException());
                } else {
                    emitter.complete(body);
                }
            });
            wire.resume();
        });
    }
}
