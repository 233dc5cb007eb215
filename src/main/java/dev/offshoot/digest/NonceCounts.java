package dev.offshoot.digest;

import io.quarkus.runtime.Startup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Clock;
import java.time.Instant;
import java.util.TreeMap;

/**
 * The last count that was used with each nonce, on this replica. The memory is bounded; when it is full the oldest nonce
 * is forgotten, and from then on no nonce as old as that is taken unless it is remembered. Nor is one from before the
 * process, which begins with this bean: it is made at the start, before the first request can be. A nonce of the same
 * millisecond is not from before.
 */
@Singleton
@Startup(Interceptor.Priority.LIBRARY_BEFORE)
public class NonceCounts {
    private static final int MOST_NONCES = 50_000;

    private final Clock clock;
    private final int most;

    /** By nonce; nonces sort by their time. */
    private final TreeMap<String, Used> used = new TreeMap<>();

    private Instant forgottenUpTo;

    private record Used(Instant issued, long count) {}

    @Inject
    NonceCounts(Clock clock) {
        this(clock, MOST_NONCES);
    }

    NonceCounts(Clock clock, int most) {
        this.clock = clock;
        this.most = most;
        this.forgottenUpTo = clock.instant().minusMillis(1);
    }

    /** Takes the count, if it is greater than the last one used with the nonce and none can have been forgotten. */
    public synchronized boolean take(String nonce, Instant issued, long count) {
        var last = used.get(nonce);
        if (last == null ? !issued.isAfter(forgottenUpTo) : count <= last.count()) {
            return false;
        }
        used.put(nonce, new Used(issued, count));
        forget();
        return true;
    }

    /** How many nonces are remembered. */
    public synchronized int size() {
        return used.size();
    }

    private void forget() {
        var expired = clock.instant().minus(Nonces.LIFE);
        while (!used.isEmpty() && !used.firstEntry().getValue().issued().isAfter(expired)) {
            forgottenUpTo = used.pollFirstEntry().getValue().issued();
        }
        while (used.size() > most) {
            forgottenUpTo = used.pollFirstEntry().getValue().issued();
        }
    }
}
