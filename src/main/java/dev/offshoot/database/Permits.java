package dev.offshoot.database;

import com.netflix.concurrency.limits.Limiter;
import com.netflix.concurrency.limits.limit.Gradient2Limit;
import com.netflix.concurrency.limits.limiter.SimpleLimiter;
import dev.offshoot.failure.Failure;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Permits for commands to the database. Their number adapts to how long the database takes. A request that gets none
 * waits for half a second at most. Requesters take turns. Of one requester's the oldest is served first; once the queue has
 * not been empty for a while, the newest is, because those that have waited long would get their permit too late. Where too
 * many wait, the requester who has the most of them loses the oldest. The long commands of one requester have three quarters
 * of the permits at most; those beyond wait and let others pass. Background work has a quarter of the permits
 * at most, never takes the last one, and waits as long as it takes. A sixteenth it has before requests, however many of them
 * wait: else an overload would stop it for as long as it lasts.
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

    /** Which part of the permits background work has before requests, but one permit at least. */
    private static final int BACKGROUND_FIRST = 16;

    /** How many quarters of the permits the long commands of one requester may hold. */
    private static final int MOST_LONG_QUARTERS = 3;

    private static final long DRAINED_LATELY_NANOS = Duration.ofMillis(100).toNanos();

    private final SimpleLimiter<Void> limiter;
    private final FairQueue<Waiter> requests = new FairQueue<>();
    private final FairQueue<Waiter> background = new FairQueue<>();
    private final Map<Object, Integer> heldLong = new HashMap<>();
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

    /** For whom a command is sent, and whether it may take long. One requester's short and long commands wait apart. */
    private record Sender(Object requester, boolean isLong, boolean isBackground) {
        boolean isBound() {
            return isLong && !isBackground;
        }
    }

    private record Waiter(
            Sender sender, UniEmitter<? super Permit> emitter, Executor executor, AtomicBoolean hasEnded) {
        boolean end() {
            return hasEnded.compareAndSet(false, true);
        }
    }

    /** The right to send one command. It is given back once, when the command has ended. */
    final class Permit {
        private final Limiter.Listener listener;
        private final Sender sender;
        private final AtomicBoolean isReturned = new AtomicBoolean();
        private boolean isUsed;

        private Permit(Limiter.Listener listener, Sender sender) {
            this.listener = listener;
            this.sender = sender;
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
                released(sender);
                handOut();
            }
        }
    }

    /**
     * A permit, at once or later, on the context that subscribes. Fails with {@link Failure.Unavailable} if there is none
     * in time.
     *
     * @param isLong whether the command may take long, because it reads or writes as many records as there are
     */
    Uni<Permit> acquire(boolean isLong, boolean isBackground) {
        return Uni.createFrom().deferred(() -> {
            var sender = new Sender(Requester.current(), isLong, isBackground);
            return atOnce(sender)
                    .map(Permits::handed)
                    .orElseGet(() -> isBackground ? later(background, sender) : laterButInTime(sender));
        });
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

    private synchronized Optional<Permit> atOnce(Sender sender) {
        var isFirst = sender.isBackground() ? background.isEmpty() : requests.isEmpty() && !isNextForBackground();
        return isFirst && mayHold(sender)
                ? limiter.acquire(null).map(listener -> hold(listener, sender))
                : Optional.empty();
    }

    private Uni<Permit> laterButInTime(Sender sender) {
        return later(requests, sender).ifNoItem().after(PATIENCE).failWith(() -> new Failure.Unavailable(
                        Failure.Unavailable.Cause.OVERLOADED)
                .asException());
    }

    private Uni<Permit> later(FairQueue<Waiter> queue, Sender sender) {
        return Uni.createFrom().emitter(emitter -> {
            var waiter = new Waiter(sender, emitter, OwnContext.executor(), new AtomicBoolean());
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
        queue.add(waiter.sender(), waiter);
        return queue.size() > MOST_WAITING ? Optional.of(queue.displace()) : Optional.empty();
    }

    private synchronized void leave(FairQueue<Waiter> queue, Waiter waiter) {
        if (waiter.end()) {
            queue.remove(waiter.sender(), waiter);
        }
    }

    private synchronized void released(Sender sender) {
        held--;
        heldByBackground -= sender.isBackground() ? 1 : 0;
        if (sender.isBound()) {
            heldLong.computeIfPresent(sender.requester(), (same, own) -> own == 1 ? null : own - 1);
        }
    }

    private void handOut() {
        for (var grant = nextGrant(); grant != null; grant = nextGrant()) {
            grant.run();
        }
    }

    private synchronized @Nullable Runnable nextGrant() {
        var now = System.nanoTime();
        lastEmptyNanos = requests.isEmpty() ? now : lastEmptyNanos;
        if (isBackgroundFirst() && hasRoomForBackground()) {
            return grant(background, true);
        }
        if (isNextForBackground()) {
            return null;
        }
        var next = grant(requests, now - lastEmptyNanos < DRAINED_LATELY_NANOS);
        return next != null ? next : grant(background, true);
    }

    private boolean isBackgroundFirst() {
        return !background.isEmpty()
                && !isBackgroundPaused
                && heldByBackground < Math.max(1, limiter.getLimit() / BACKGROUND_FIRST);
    }

    /** Whether a permit is left, and the next one to come back goes to background work, because this one is the last. */
    private boolean isNextForBackground() {
        return isBackgroundFirst() && held > 0 && held >= limiter.getLimit() - 1;
    }

    /** What waits beyond its own bound keeps nobody's queue from counting as empty. */
    private @Nullable Runnable grant(FairQueue<Waiter> queue, boolean oldestFirst) {
        var listener = queue.isEmpty() ? Optional.<Limiter.Listener>empty() : limiter.acquire(null);
        if (listener.isEmpty()) {
            return null;
        }
        var waiter = queue.take(oldestFirst, each -> mayHold(each.sender()));
        if (waiter.isEmpty()) {
            listener.get().onIgnore();
            lastEmptyNanos = queue == requests ? System.nanoTime() : lastEmptyNanos;
            return null;
        }
        return grant(waiter.get(), hold(listener.get(), waiter.get().sender()));
    }

    private static Runnable grant(Waiter waiter, Permit permit) {
        return waiter.end()
                ? () -> waiter.executor().execute(() -> hand(permit, waiter.emitter()))
                : permit::returnUnsampled;
    }

    private Permit hold(Limiter.Listener listener, Sender sender) {
        held++;
        heldByBackground += sender.isBackground() ? 1 : 0;
        if (sender.isBound()) {
            heldLong.merge(sender.requester(), 1, Integer::sum);
        }
        return new Permit(listener, sender);
    }

    private boolean mayHold(Sender sender) {
        return sender.isBackground() ? hasRoomForBackground() : !sender.isBound() || hasRoomForLong(sender.requester());
    }

    private boolean hasRoomForLong(Object requester) {
        var most = Math.max(1, limiter.getLimit() * MOST_LONG_QUARTERS / 4);
        return heldLong.getOrDefault(requester, 0) < most;
    }

    private boolean hasRoomForBackground() {
        return !isBackgroundPaused
                && heldByBackground < Math.max(1, limiter.getLimit() / BACKGROUND_SHARE)
                && held < limiter.getLimit() - 1;
    }
}
