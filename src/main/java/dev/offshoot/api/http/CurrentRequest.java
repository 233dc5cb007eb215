package dev.offshoot.api.http;

import dev.offshoot.api.read.QueryReader;
import dev.offshoot.apikey.Caller;
import jakarta.enterprise.context.RequestScoped;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The request and its caller, as the authentication filter found them. */
@RequestScoped
public class CurrentRequest {
    /** What a request has for the database, from the moment it was taken up; waiting for its body does not count. */
    static final Duration DATABASE_TIME = Duration.ofSeconds(2);

    private static final Duration SHORTEST_TIMER = Duration.ofMillis(1);

    private @Nullable Incoming incoming;
    private @Nullable Caller caller;
    private long startedAtNanos = System.nanoTime();

    void start(Incoming incoming) {
        this.incoming = incoming;
        startedAtNanos = System.nanoTime();
    }

    void admit(Caller caller) {
        this.caller = caller;
    }

    /** The request itself; it always is there when a resource runs. */
    public Incoming incoming() {
        if (incoming == null) {
            throw new IllegalStateException("a resource ran without the authentication filter");
        }
        return incoming;
    }

    /** Reads the query of the request. */
    public QueryReader query() {
        return QueryReader.of(incoming().query());
    }

    /** Reads the preconditions of the request. Fails with {@link dev.offshoot.failure.Failure.Invalid}. */
    public Preconditions preconditions() {
        return Preconditions.of(incoming());
    }

    /** Who calls; there always is somebody when a resource runs. */
    public Caller caller() {
        if (caller == null) {
            throw new IllegalStateException("a resource ran without a caller");
        }
        return caller;
    }

    /** Takes off what the client took to send the body. */
    void waitedForBody(Duration waited) {
        startedAtNanos += waited.toNanos();
    }

    Duration left(Duration allowed) {
        var left = allowed.minusNanos(System.nanoTime() - startedAtNanos);
        return left.compareTo(SHORTEST_TIMER) > 0 ? left : SHORTEST_TIMER;
    }
}
