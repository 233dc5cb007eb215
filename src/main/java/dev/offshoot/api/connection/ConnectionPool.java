package dev.offshoot.api.connection;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;

import dev.offshoot.value.ClientNetwork;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The connections of one port. Where there are too many, in all or of one address, a new one takes the place of one on which
 * no request is under way, so that a client that holds connections without using them shuts out nobody: of the address that
 * has the most, one that never carried a request, and of these the one that has been quiet longest. Where too much has not
 * been read, the address with the most unread bytes loses its connection with the most.
 */
final class ConnectionPool {
    /**
     * How long a connection has been quiet before another of its address may take its place. A client that opens
     * connections in a loop costs less if it is refused.
     */
    private static final Duration QUIET_BEFORE_DISPLACED = Duration.ofSeconds(2);

    /**
     * How often a second a full address is looked through for a place, and how often at once after a rest. So a client that
     * comes back in a loop does not begin as many requests as it opens connections.
     */
    static final int DISPLACEMENTS = 50;

    private static final double NANOS_A_SECOND = Duration.ofSeconds(1).toNanos();

    private static final Comparator<Connection> LEAST_USE = Comparator.<Connection, Boolean>comparing(
                    connection -> connection.unread() > 0)
            .thenComparing(Connection::hasServed)
            .thenComparing((one, other) -> Long.signum(one.quietSinceNanos() - other.quietSinceNanos()));

    private final Limits limits;
    private final Consumer<Reason> closed;
    private final Set<Connection> all = new HashSet<>();
    private final Map<ClientNetwork, OfNetwork> byNetwork = new HashMap<>();
    private final AtomicLong unread = new AtomicLong();

    /** @param closed receives the reason of every connection that the service closes */
    ConnectionPool(Limits limits, Consumer<Reason> closed) {
        this.limits = limits;
        this.closed = closed;
    }

    /**
     * The limits of one port.
     *
     * @param requestsAreObserved whether connections learn when requests begin and end; if not, a connection is quiet
     *     whenever nothing is read from it
     */
    record Limits(
            int max,
            int maxPerAddress,
            int maxStreams,
            Duration idleTimeout,
            Duration answerTimeout,
            long maxUnread,
            boolean requestsAreObserved) {}

    /** The connections of one address. */
    private static final class OfNetwork {
        private final Set<Connection> connections = new HashSet<>();
        private long lookedThroughNanos = System.nanoTime();
        private double left = DISPLACEMENTS;

        /** One that has been quiet for long enough, unless this was asked just before. */
        Optional<Connection> displaceable() {
            var now = System.nanoTime();
            left = Math.min(DISPLACEMENTS, left + DISPLACEMENTS * (now - lookedThroughNanos) / NANOS_A_SECOND);
            lookedThroughNanos = now;
            if (left < 1) {
                return Optional.empty();
            }
            left--;
            return leastUsed(connections)
                    .filter(connection -> now - connection.quietSinceNanos() >= QUIET_BEFORE_DISPLACED.toNanos());
        }
    }

    /** Why a connection was closed. */
    enum Reason {
        /** No request began on it for the idle time-out. */
        IDLE,
        /** An answer on it was not read within the answer time-out. */
        UNREAD,
        /** Another connection took its place. */
        DISPLACED,
        /** There was no place for it. */
        REFUSED,
        /** It had more streams than it may have. */
        TOO_MANY_STREAMS
    }

    Limits limits() {
        return limits;
    }

    synchronized int size() {
        return all.size();
    }

    long unread() {
        return unread.get();
    }

    /** Looks which connections are to be closed because their time has passed. */
    void check() {
        var now = System.nanoTime();
        everyOne().forEach(connection -> connection.check(now));
    }

    /** Takes a new connection in, or tells that there is no place for it. */
    boolean admit(Connection fresh) {
        var displaced = place(fresh);
        displaced.filter(connection -> connection != fresh).ifPresent(connection -> connection.cut(Reason.DISPLACED));
        if (displaced.filter(connection -> connection == fresh).isPresent()) {
            closed.accept(Reason.REFUSED);
            return false;
        }
        return true;
    }

    synchronized void remove(Connection gone) {
        all.remove(gone);
        gone.network()
                .ifPresent(network -> byNetwork.computeIfPresent(network, (same, ofNetwork) -> {
                    ofNetwork.connections.remove(gone);
                    return ofNetwork.connections.isEmpty() ? null : ofNetwork;
                }));
    }

    /** A connection is being closed for a reason of ours. Its place is free from now on. */
    void closing(Connection connection, Reason reason) {
        remove(connection);
        unread.addAndGet(-connection.forgetUnread());
        closed.accept(reason);
    }

    /** Counts what was written and not read, or read at last. */
    void addUnread(long bytes) {
        if (unread.addAndGet(bytes) > limits.maxUnread() && bytes > 0) {
            mostUnread().ifPresent(connection -> connection.cut(Reason.UNREAD));
        }
    }

    /** Takes the place that there is, or that of another. Gives the connection that has to go, which may be the new one. */
    private synchronized Optional<Connection> place(Connection fresh) {
        var displaced = Optional.<Connection>empty();
        if (isFullFor(fresh)) {
            displaced = fresh.network().map(byNetwork::get).flatMap(OfNetwork::displaceable);
        } else if (all.size() >= limits.max()) {
            displaced = leastUsed(fullest()).or(() -> leastUsed(all));
        } else {
            add(fresh);
            return Optional.empty();
        }
        displaced.ifPresent(this::remove);
        displaced.ifPresent(gone -> add(fresh));
        return displaced.or(() -> Optional.of(fresh));
    }

    private void add(Connection fresh) {
        all.add(fresh);
        fresh.network().ifPresent(network -> byNetwork
                .computeIfAbsent(network, first -> new OfNetwork())
                .connections
                .add(fresh));
    }

    private boolean isFullFor(Connection fresh) {
        return fresh.network()
                .map(byNetwork::get)
                .filter(ofNetwork -> ofNetwork.connections.size() >= limits.maxPerAddress())
                .isPresent();
    }

    private Set<Connection> fullest() {
        return byNetwork.values().stream()
                .map(ofNetwork -> ofNetwork.connections)
                .max(Comparator.comparingInt(Set::size))
                .orElse(Set.of());
    }

    private static Optional<Connection> leastUsed(Collection<Connection> connections) {
        return connections.stream().filter(Connection::isQuiet).min(LEAST_USE);
    }

    private Optional<Connection> mostUnread() {
        var unreadByNetwork = everyOne().stream()
                .filter(connection -> connection.unread() > 0)
                .collect(groupingBy(Connection::network, summingLong(Connection::unread)));
        return unreadByNetwork.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .flatMap(most -> everyOne().stream()
                        .filter(connection -> connection.network().equals(most.getKey()))
                        .max(Comparator.comparingLong(Connection::unread)));
    }

    private synchronized List<Connection> everyOne() {
        return List.copyOf(all);
    }
}
