package dev.offshoot.api.http;

import dev.offshoot.failure.Failure;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Bounds the memory that long answers take while they are made: few are made at once, and the others wait in a line. Each
 * has the time that a request has for the database once its turn has come.
 */
@Singleton
public class LongAnswers {
    private static final int AT_ONCE = 8;
    private static final int MOST_WAITING = 256;

    private final Failures failures;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int underWay;

    LongAnswers(Failures failures) {
        this.failures = failures;
    }

    /** Does the work in its turn. Fails with {@link Failure.Unavailable} if too many wait. */
    public <T> Uni<T> inTurn(Supplier<Uni<T>> work) {
        return Uni.createFrom().emitter(emitter -> {
            var own = Vertx.currentContext();
            var hasGone = new AtomicBoolean();
            emitter.onTermination(() -> hasGone.set(true));
            var admitted = enter(() -> own.runOnContext(turn -> {
                if (hasGone.get()) {
                    leave();
                } else {
                    work.get()
                            .ifNoItem()
                            .after(CurrentRequest.DATABASE_TIME)
                            .failWith(() -> failures.databaseTooSlow(CurrentRequest.DATABASE_TIME))
                            .onTermination()
                            .invoke(this::leave)
                            .subscribe()
                            .with(emitter::complete, emitter::fail);
                }
            }));
            if (!admitted) {
                emitter.fail(new Failure.Unavailable(Failure.Unavailable.Cause.OVERLOADED).asException());
            }
        });
    }

    private boolean enter(Runnable turn) {
        synchronized (this) {
            if (underWay >= AT_ONCE) {
                return waiting.size() < MOST_WAITING && waiting.add(turn);
            }
            underWay++;
        }
        turn.run();
        return true;
    }

    private void leave() {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            underWay -= next == null ? 1 : 0;
        }
        if (next != null) {
            next.run();
        }
    }
}
