package dev.offshoot.api.http;

import dev.offshoot.failure.Failure;
import dev.offshoot.settings.Settings;
import dev.offshoot.value.ClientNetwork;
import dev.offshoot.value.KeyId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The bodies that clients are sending. Their number is bounded for each key, for each address and in all, and so are the
 * bytes that are kept of them until their requests end. Where there are too many, the one that has been open longest is
 * given up (503), because an honest one is there in moments; where there are too many in all, one of the address that has
 * the most. A body that comes more slowly than the least rate is given up, too (408).
 */
@ApplicationScoped
class OpenBodies {
    private static final long CHECK_MILLIS = 1000;
    private static final Failure TOO_MANY = new Failure.Unavailable(Failure.Unavailable.Cause.TOO_MANY_REQUESTS);

    private final Settings.Bodies limits;
    private final Counter givenUp;
    private final Share all;
    private final long evenShare;
    private final Map<KeyId, Share> byKey = new HashMap<>();
    private final Map<ClientNetwork, Share> byNetwork = new HashMap<>();

    @Inject
    OpenBodies(Vertx vertx, Settings settings, MeterRegistry metrics) {
        this(settings.http().bodies(), metrics);
        vertx.setPeriodic(CHECK_MILLIS, timer -> checkNow());
    }

    OpenBodies(Settings.Bodies limits, MeterRegistry metrics) {
        this.limits = limits;
        this.all = new Share(limits.max(), limits.maxBytes().asLongValue());
        this.evenShare = limits.maxBytes().asLongValue() / limits.max();
        this.givenUp = Counter.builder("offshoot.http.bodies.given.up")
                .description("Bodies that came too slowly, or whose place another one took")
                .register(metrics);
        Gauge.builder("offshoot.http.bodies.open", this, OpenBodies::count)
                .description("Bodies that clients are sending")
                .strongReference(true)
                .register(metrics);
    }

    /** The bodies that one bound holds for and that are still coming, the oldest first; and the bytes of all. */
    private static final class Share {
        private final int max;
        private final long maxBytes;
        private final Set<OpenBody> bodies = new LinkedHashSet<>();
        private long bytes;

        Share(int max, long maxBytes) {
            this.max = max;
            this.maxBytes = maxBytes;
        }

        boolean isExceeded() {
            return hasTooMany() || bytes > maxBytes;
        }

        boolean hasTooMany() {
            return bodies.size() > max;
        }

        OpenBody oldest() {
            return bodies.iterator().next();
        }

        boolean isUnused() {
            return bodies.isEmpty() && bytes == 0;
        }
    }

    /** One body, from when the service begins to read it until its request ends or it is given up. */
    final class OpenBody {
        private final KeyId key;
        private final Optional<ClientNetwork> network;
        private final Consumer<Failure> giveUp;
        private final long openedNanos;
        private volatile boolean isCounted;
        private long arrived;
        private long kept;

        private OpenBody(KeyId key, Optional<ClientNetwork> network, Consumer<Failure> giveUp, long openedNanos) {
            this.openedNanos = openedNanos;
            this.key = key;
            this.network = network;
            this.giveUp = giveUp;
        }

        /** Whether it is neither closed nor given up. */
        boolean isCounted() {
            return isCounted;
        }

        /**
         * Some of it has arrived.
         *
         * @param bytes how many came over the network
         * @param keptBytes how many are kept of the whole
         */
        void arrived(int bytes, long keptBytes) {
            giveUp(OpenBodies.this.arrived(this, bytes, keptBytes), TOO_MANY);
        }

        /** It is there. It can't be given up any more, unless it was before: then this is false. */
        boolean complete() {
            return OpenBodies.this.complete(this);
        }

        /** Its request has ended. */
        void close() {
            OpenBodies.this.remove(this);
        }

        private boolean isTooSlow(long nowNanos) {
            var open = Duration.ofNanos(nowNanos - openedNanos);
            var counted = open.minus(limits.grace());
            return open.compareTo(limits.timeout()) > 0
                    || (!counted.isNegative()
                            && arrived
                                    < counted.toMillis()
                                            * limits.minBytesPerSecond().asLongValue()
                                            / 1000);
        }
    }

    /**
     * Begins to count a body.
     *
     * @param giveUp what to do if it is given up, on any thread
     */
    OpenBody open(KeyId key, Optional<ClientNetwork> network, Consumer<Failure> giveUp) {
        var body = new OpenBody(key, network, giveUp, System.nanoTime());
        giveUp(add(body), TOO_MANY);
        return body;
    }

    private void checkNow() {
        check(System.nanoTime());
    }

    /** Gives up what comes too slowly. */
    void check(long nowNanos) {
        giveUp(tooSlow(nowNanos), new Failure.BodyTooSlow());
    }

    private synchronized int count() {
        return all.bodies.size();
    }

    private synchronized List<OpenBody> add(OpenBody body) {
        body.isCounted = true;
        shares(body).forEach(share -> share.bodies.add(body));
        return takeTooMany(body);
    }

    private synchronized List<OpenBody> arrived(OpenBody body, int bytes, long keptBytes) {
        if (!body.isCounted) {
            return List.of();
        }
        body.arrived += bytes;
        var more = keptBytes - body.kept;
        body.kept = keptBytes;
        shares(body).forEach(share -> share.bytes += more);
        return more > 0 ? takeTooMany(body) : List.of();
    }

    private synchronized List<OpenBody> tooSlow(long nowNanos) {
        var slow = all.bodies.stream().filter(body -> body.isTooSlow(nowNanos)).toList();
        slow.forEach(this::remove);
        return slow;
    }

    private void giveUp(Collection<OpenBody> bodies, Failure failure) {
        bodies.forEach(body -> {
            givenUp.increment();
            body.giveUp.accept(failure);
        });
    }

    /** Takes out the oldest, where this body made it too many. */
    private List<OpenBody> takeTooMany(OpenBody newest) {
        var taken = new ArrayList<OpenBody>();
        var own = new ArrayList<Share>();
        own.add(keyShare(newest.key));
        newest.network.map(this::networkShare).ifPresent(own::add);
        own.forEach(share -> takeWhileExceeded(share, taken));
        takeOfAll(taken);
        return taken;
    }

    /** A body that keeps no more than its even share of all bytes is not given up for those of others. */
    private void takeOfAll(List<OpenBody> taken) {
        while (all.isExceeded()) {
            var byNumber = all.hasTooMany();
            var next = oldestOfFullest(byNumber ? body -> true : body -> body.kept > evenShare);
            if (next.isEmpty()) {
                return;
            }
            remove(next.get());
            taken.add(next.get());
        }
    }

    private void takeWhileExceeded(Share share, List<OpenBody> taken) {
        while (share.isExceeded() && !share.bodies.isEmpty()) {
            var oldest = share.oldest();
            remove(oldest);
            taken.add(oldest);
        }
    }

    private Optional<OpenBody> oldestOfFullest(Predicate<OpenBody> candidate) {
        return all.bodies.stream()
                .filter(candidate)
                .max(Comparator.comparingLong((OpenBody body) -> share(body, all.hasTooMany())));
    }

    /** How many bodies, or bytes, its address has. Of equals the first, which is the oldest, comes out. */
    private long share(OpenBody body, boolean byNumber) {
        var share = body.network.map(this::networkShare).orElse(all);
        return byNumber ? share.bodies.size() : share.bytes;
    }

    private synchronized boolean complete(OpenBody body) {
        if (body.isCounted) {
            shares(body).forEach(share -> share.bodies.remove(body));
        }
        return body.isCounted;
    }

    private synchronized void remove(OpenBody body) {
        if (!body.isCounted) {
            return;
        }
        body.isCounted = false;
        shares(body).forEach(share -> {
            share.bodies.remove(body);
            share.bytes -= body.kept;
        });
        byKey.computeIfPresent(body.key, (key, share) -> share.isUnused() ? null : share);
        body.network.ifPresent(
                network -> byNetwork.computeIfPresent(network, (same, share) -> share.isUnused() ? null : share));
    }

    private List<Share> shares(OpenBody body) {
        var shares = new ArrayList<Share>();
        shares.add(all);
        shares.add(keyShare(body.key));
        body.network.map(this::networkShare).ifPresent(shares::add);
        return shares;
    }

    private Share keyShare(KeyId key) {
        return byKey.computeIfAbsent(
                key,
                first -> new Share(limits.maxPerKey(), limits.maxBytesPerKey().asLongValue()));
    }

    private Share networkShare(ClientNetwork network) {
        return byNetwork.computeIfAbsent(
                network,
                first -> new Share(
                        limits.maxPerAddress(), limits.maxBytesPerAddress().asLongValue()));
    }
}
