package dev.offshoot.database;

import com.netflix.concurrency.limits.Limiter;
import com.netflix.concurrency.limits.limit.Gradient2Limit;
import com.netflix.concurrency.limits.limiter.SimpleLimiter;
import dev.offshoot.failure.Failure;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Permits for commands to the database. Their number adapts to how long the database takes. A request that gets none
 * waits for half a second at most. Requesters take turns. Of one requester's the oldest is served first; once the queue has
 * not been empty for a while, the newest is, because those that have waited long would get their permit too late. Where too
 * many wait, the requester who has the most of them loses the oldest. Background work has a quarter of the permits
 * at most, never takes the last one, and waits as long as it takes.
 *
 * <p>The limiter's library decides how many permits there are. Its own queue blocks threads, so the queue is here.
 */
final class Permits {
    /** How long a request waits. */
    static final Duration PATIENCE = Duration.ofMillis(500);

    /** How many wait at most, of requests and of background work. */
    static final int MOST_WAITING = 1000;

    /** Twice what 70 lists a second, of two commands each, need of a database that takes 300 ms for a command. */
    private static final int FEWEST = 80;

    private static final int BACKGROUND_SHARE = 4;
    private static final long DRAINED_LATELY_NANOS = Duration.ofMillis(100).toNanos();

    private final SimpleLimiter<Void> limiter;
    private final FairQueue<Waiter> requests = new FairQueue<>();
    private final FairQueue<Waiter> background = new FairQueue<>();
    private int held;
    private int heldByBackground;
    private boolean isBackgroundPaused;
    private long lastEmptyNanos = System.nanoTime();

    /** @param most how many permits there are at most: one for each connection */
    Permits(int most) {
        var fewest = Math.min(FEWEST, most);
        limiter = SimpleLimiter.newBuilder()
                .limit(Gradient2Limit.newBuilder()
                        .initialLimit(fewest)
                        .minLimit(fewest)
                        .maxConcurrency(most)
                        .build())
                .build();
    }

    private record Waiter(
            Object requester, UniEmitter<? super Permit> emitter, Executor executor, AtomicBoolean hasEnded) {
        boolean end() {
            return hasEnded.compareAndSet(false, true);
        }
    }

    /** The right to send one command. It is given back once, when the command has ended. */
    final class Permit {
        private final Limiter.Listener listener;
        private final boolean isBackground;
        private final AtomicBoolean isReturned = new AtomicBoolean();
        private boolean isUsed;

        private Permit(Limiter.Listener listener, boolean isBackground) {
            this.listener = listener;
            this.isBackground = isBackground;
        }

        /** The command is being sent: whoever sends it gives the permit back. */
        void use() {
            isUsed = true;
        }

        /** How long the command took says how much the database has to do. */
        void returnSampled() {
            giveBack(listener::onSuccess);
        }

        void returnUnsampled() {
            giveBack(listener::onIgnore);
        }

        private void giveBack(Runnable tellLimiter) {
            if (isReturned.compareAndSet(false, true)) {
                tellLimiter.run();
                released(isBackground);
                handOut();
            }
        }
    }

    /**
     * A permit, at once or later, on the context that subscribes. Fails with {@link Failure.Unavailable} if there is none
     * in time.
     */
    Uni<Permit> acquire(boolean isBackground) {
        return Uni.createFrom().deferred(() -> atOnce(isBackground)
                .map(Permits::handed)
                .orElseGet(() -> isBackground ? later(background) : laterButInTime()));
    }

    /** Fails the requests that wait. Background work waits until {@link #resume}. */
    void pause() {
        List<Waiter> waiting;
        synchronized (this) {
            isBackgroundPaused = true;
            waiting = requests.clear();
        }
        waiting.forEach(waiter -> refuse(waiter, Failure.Unavailable.Cause.DATABASE_AWAY));
    }

    void resume() {
        synchronized (this) {
            isBackgroundPaused = false;
        }
        handOut();
    }

    synchronized int held() {
        return held;
    }

    int limit() {
        return limiter.getLimit();
    }

    synchronized int waiting() {
        return requests.size() + background.size();
    }

    private synchronized Optional<Permit> atOnce(boolean isBackground) {
        var isFirst = (isBackground ? background : requests).isEmpty();
        return isFirst ? take(isBackground) : Optional.empty();
    }

    private Uni<Permit> laterButInTime() {
        return later(requests).ifNoItem().after(PATIENCE).failWith(() -> new Failure.Unavailable(
                        Failure.Unavailable.Cause.OVERLOADED)
                .asException());
    }

    private Uni<Permit> later(FairQueue<Waiter> queue) {
        return Uni.createFrom().emitter(emitter -> {
            var waiter = new Waiter(Requester.current(), emitter, OwnContext.executor(), new AtomicBoolean());
            emitter.onTermination(() -> leave(queue, waiter));
            enqueue(queue, waiter).ifPresent(displaced -> refuse(displaced, Failure.Unavailable.Cause.OVERLOADED));
            handOut();
        });
    }

    private static void refuse(Waiter waiter, Failure.Unavailable.Cause cause) {
        if (waiter.end()) {
            waiter.executor().execute(() -> waiter.emitter().fail(new Failure.Unavailable(cause).asException()));
        }
    }

    private static Uni<Permit> handed(Permit permit) {
        return Uni.createFrom().emitter(emitter -> hand(permit, emitter));
    }

    /** Whoever waited may have given up meanwhile: then nobody uses the permit, and it goes back. */
    private static void hand(Permit permit, UniEmitter<? super Permit> emitter) {
        emitter.complete(permit);
        if (!permit.isUsed) {
            permit.returnUnsampled();
        }
    }

    /** Gives the one that has to go for it. One that has given up already is not added. */
    private synchronized Optional<Waiter> enqueue(FairQueue<Waiter> queue, Waiter waiter) {
        if (waiter.hasEnded().get()) {
            return Optional.empty();
        }
        queue.add(waiter.requester(), waiter);
        return queue.size() > MOST_WAITING ? Optional.of(queue.displace()) : Optional.empty();
    }

    private synchronized void leave(FairQueue<Waiter> queue, Waiter waiter) {
        if (waiter.end()) {
            queue.remove(waiter.requester(), waiter);
        }
    }

    private synchronized void released(boolean wasBackground) {
        held--;
        heldByBackground -= wasBackground ? 1 : 0;
    }

    private void handOut() {
        for (var grant = nextGrant(); grant != null; grant = nextGrant()) {
            grant.run();
        }
    }

    private synchronized @Nullable Runnable nextGrant() {
        if (requests.isEmpty()) {
            lastEmptyNanos = System.nanoTime();
            return background.isEmpty() ? null : grant(background, true, true);
        }
        return grant(requests, false, System.nanoTime() - lastEmptyNanos < DRAINED_LATELY_NANOS);
    }

    private @Nullable Runnable grant(FairQueue<Waiter> queue, boolean isBackground, boolean oldestFirst) {
        var permit = take(isBackground);
        if (permit.isEmpty()) {
            return null;
        }
        var waiter = queue.remove(oldestFirst);
        return waiter.end()
                ? () -> waiter.executor().execute(() -> hand(permit.get(), waiter.emitter()))
                : permit.get()::returnUnsampled;
    }

    private Optional<Permit> take(boolean isBackground) {
        if (isBackground && !hasRoomForBackground()) {
            return Optional.empty();
        }
        var taken = limiter.acquire(null).map(listener -> new Permit(listener, isBackground));
        if (taken.isPresent()) {
            held++;
            heldByBackground += isBackground ? 1 : 0;
        }
        return taken;
    }

    private boolean hasRoomForBackground() {
        return !isBackgroundPaused
                && heldByBackground < Math.max(1, limiter.getLimit() / BACKGROUND_SHARE)
                && held < limiter.getLimit() - 1;
    }
}
