package dev.offshoot.apikey;

import dev.offshoot.owed.Debtor;
import dev.offshoot.scope.OrgScope;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Counts the uses of access list entries in memory and writes them down in batches, at most a minute late. A count whose
 * write fails is written again with the next batch, so that one of which only the answer was lost counts twice: these are
 * figures to see whether an entry is used, not to bill by.
 */
@ApplicationScoped
public class AccessUses {
    private static final Logger LOG = Logger.getLogger(AccessUses.class);
    private static final Duration LAST_FLUSH = Duration.ofSeconds(5);

    private final KeyRepository keys;
    private final Clock clock;
    private Map<Entry, Use> uses = new HashMap<>();

    AccessUses(KeyRepository keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    private record Entry(KeyId key, OrgScope scope, String range) {}

    /** How often an entry was used since the last flush, and how last. */
    record Use(long count, Instant last, String address) {}

    /** Counts one use of that entry of the caller's list. */
    public synchronized void count(Caller caller, AddressRange range, InetAddress address) {
        var once = new Use(1, clock.instant(), AddressRange.text(address));
        uses.merge(
                new Entry(caller.key(), caller.scope(), range.cidr()),
                once,
                (before, now) -> new Use(before.count() + now.count(), now.last(), now.address()));
    }

    /** Writes down what was counted. Counts that can't be written now are counted again into the next batch. */
    @Scheduled(every = "30s", delayed = "30s", concurrentExecution = ConcurrentExecution.SKIP)
    public Uni<Void> flush() {
        return Uni.createFrom()
                .deferred(
                        () -> Debtor.each(List.copyOf(take().entrySet()), use -> write(use.getKey(), use.getValue())));
    }

    void flushLast(@Observes ShutdownEvent event) {
        flush().onFailure().recoverWithNull().await().atMost(LAST_FLUSH);
    }

    private Uni<Void> write(Entry entry, Use use) {
        return keys.countUse(entry.scope(), entry.key(), entry.range(), use)
                .onFailure()
                .invoke(failure -> putBack(entry, use, failure))
                .onFailure()
                .recoverWithNull();
    }

    private synchronized Map<Entry, Use> take() {
        var taken = uses;
        uses = new HashMap<>();
        return taken;
    }

    private synchronized void putBack(Entry entry, Use use, Throwable failure) {
        LOG.debugf("Uses of an access list could not be written yet: cause=%s", failure.getMessage());
        uses.merge(
                entry, use, (since, before) -> new Use(since.count() + before.count(), since.last(), since.address()));
    }
}
