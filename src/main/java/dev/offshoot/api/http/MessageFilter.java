package dev.offshoot.api.http;

import dev.offshoot.api.connection.Connection;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.Failure.MessagePart;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Refuses messages whose form leaves in doubt what they say, before anything else of them is read: another version of HTTP
 * (505), an unknown framing (501), and a malformed header, {@code Host} or target (400; RFC 9112, sections 3, 5 and 6).
 * Where it is in doubt how long the message is, the answer is the last on its connection; so is every answer of a process
 * that is going to end, so that its clients connect to another one before it does.
 */
@Singleton
class MessageFilter {
    private static final String OBSERVED = MessageFilter.class.getName() + ".observed";

    private final ApiAdapters adapters;
    private final EarlyAnswer answer;
    private final RequestTelemetry telemetry;
    private volatile boolean isEnding;

    MessageFilter(ApiAdapters adapters, EarlyAnswer answer, RequestTelemetry telemetry) {
        this.adapters = adapters;
        this.answer = answer;
        this.telemetry = telemetry;
    }

    /** The router fails a request whose {@code Host} or target it can't read before any handler sees it. */
    void register(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).handler(this::enter).failureHandler(this::enter);
    }

    void end(@Observes ShutdownDelayInitiatedEvent event) {
        isEnding = true;
    }

    private void enter(RoutingContext routing) {
        var request = routing.request();
        OneRequestAtATime.install(request);
        observeConnection(routing);
        var doubtful = failure(request);
        if (doubtful.isPresent()) {
            refuse(routing, doubtful.get());
            return;
        }
        if (isEnding || Message.hasDoubtfulFraming(request)) {
            LastAnswer.plan(routing);
        } else if (Message.waitsToBeAsked(request)) {
            LastAnswer.planUnlessAskedForBody(routing);
        }
        routing.next();
    }

    /** Once, although a request that fails comes here again. */
    private static void observeConnection(RoutingContext routing) {
        if (routing.get(OBSERVED) != null) {
            return;
        }
        routing.put(OBSERVED, true);
        Connection.of(LastAnswer.connection(routing.request()).channel()).ifPresent(connection -> {
            var answer = routing.response();
            connection.begin();
            routing.addEndHandler(end -> connection.end(answer.streamId(), answer.bytesWritten()));
        });
    }

    /** A 501 or 505 is the client's doing. It does not count as one of the service's, which operators watch. */
    private void refuse(RoutingContext routing, Failure failure) {
        telemetry.refusedAsMalformed();
        if (failure instanceof Failure.BadMessage) {
            telemetry.observe(routing);
        }
        if (!(failure instanceof Failure.BadMessage) || Message.waitsToBeAsked(routing.request())) {
            LastAnswer.plan(routing);
        }
        answer.refuse(routing, failure);
    }

    private Optional<Failure> failure(HttpServerRequest http) {
        if (!Message.hasKnownVersion(http)) {
            return Optional.of(new Failure.UnsupportedVersion());
        }
        if (!Message.hasKnownFraming(http)) {
            return Optional.of(new Failure.UnsupportedFraming());
        }
        if (http.headers().contains("")) {
            return Optional.of(new Failure.BadMessage(MessagePart.HEADER));
        }
        if (!hasGoodHost(http)) {
            return Optional.of(new Failure.BadMessage(MessagePart.HOST));
        }
        return hasGoodTarget(http) ? Optional.empty() : Optional.of(new Failure.BadMessage(MessagePart.TARGET));
    }

    /** HTTP/1.0 knows requests without a host. HTTP/2 has another header for it. */
    private static boolean hasGoodHost(HttpServerRequest http) {
        if (http.version() == HttpVersion.HTTP_2) {
            return Authority.of(http).isPresent();
        }
        var isMissing = !http.headers().contains("Host");
        return isMissing
                ? http.version() == HttpVersion.HTTP_1_0
                : Authority.ofHost(http).isPresent();
    }

    private boolean hasGoodTarget(HttpServerRequest http) {
        if (!Target.hasPath(http)
                || (Authority.isAbsolute(http) && Authority.ofTarget(http).isEmpty())) {
            return false;
        }
        return Target.isWellFormed(http) || !adapters.of(http.path()).readsTarget();
    }
}
