package dev.offshoot.apikey;

import dev.offshoot.scope.OrgScope;
import dev.offshoot.telemetry.BackgroundWork;
import dev.offshoot.telemetry.Jobs;
import dev.offshoot.value.AddressRange;
import dev.offshoot.value.KeyId;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Records in memory when and from where each key was last used, and how often each entry of its access list admitted
 * it. It writes this in batches, at most a minute late. A count whose write fails is written again with the next flush.
 * If only the answer to a write was lost, the count is added twice: the figures show whether a key is used, and are not
 * for billing.
 */
@ApplicationScoped
public class KeyUses {
    /** The longest time that the end of the process waits for the last flush. */
    public static final Duration LAST_FLUSH = Duration.ofSeconds(5);

    private static final Logger LOG = Logger.getLogger(KeyUses.class);
    private static final int BATCH = 100;

    private final KeyRepository keys;
    private final Clock clock;
    private final Jobs.Job job;
    private Map<KeyId, LastUse> lastUses = new HashMap<>();
    private Map<Entry, Use> entryUses = new HashMap<>();

    KeyUses(KeyRepository keys, Jobs jobs, Clock clock) {
        this.keys = keys;
        this.clock = clock;
        this.job = jobs.job("flush-key-uses");
    }

    /** When a key was last used, and from where if known. */
    record LastUse(
            OrgScope scope, KeyId key, Instant at, @Nullable InetAddress from) {
        @Nullable
        String address() {
            return from == null ? null : AddressRange.text(from);
        }
    }

    private record Entry(KeyId key, OrgScope scope, String range) {}

    /** How often an entry was used since the last flush, and its last use. */
    record Use(long count, Instant last, String address) {}

    /** Records one use of the caller's key. */
    public void count(Caller caller, Optional<InetAddress> from) {
        var now = clock.instant();
        var entry = from.flatMap(caller::entryFor);
        synchronized (this) {
            lastUses.put(caller.key(), new LastUse(caller.scope(), caller.key(), now, from.orElse(null)));
            entry.ifPresent(range -> entryUses.merge(
                    new Entry(caller.key(), caller.scope(), range.cidr()),
                    new Use(1, now, AddressRange.text(from.orElseThrow())),
                    (before, once) -> new Use(before.count() + 1, once.last(), once.address())));
        }
    }

    @Scheduled(every = "30s", delayed = "30s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> tick() {
        return job.run(flushAll());
    }

    /** Writes what was recorded. What can't be written now is written with the next flush. */
    public Uni<Void> flush() {
        return flushAll().replaceWithVoid();
    }

    /** True if everything was written. */
    private Uni<Boolean> flushAll() {
        return Uni.createFrom()
                .deferred(() -> each(takeLastUses(), keys::noteUses, this::putBack))
                .chain(allLast -> each(takeEntryUses().entrySet(), this::write, this::putBack)
                        .map(allEntries -> allLast && allEntries));
    }

    /** Writes one after another, and puts back what is not written. True if everything is. */
    private static <T> Uni<Boolean> each(Collection<T> items, Function<T, Uni<Void>> write, Consumer<T> putBack) {
        var left = new ConcurrentLinkedQueue<>(items);
        return Multi.createFrom()
                .iterable(items)
                .onItem()
                .transformToUniAndConcatenate(item -> write.apply(item)
                        .replaceWith(true)
                        .onFailure()
                        .recoverWithItem(failure -> failed(failure, item, putBack))
                        .invoke(written -> left.poll()))
                .collect()
                .with(Collectors.reducing(true, Boolean::logicalAnd))
                .onCancellation()
                .invoke(() -> left.forEach(putBack));
    }

    private static <T> boolean failed(Throwable failure, T item, Consumer<T> putBack) {
        LOG.debugf("Uses of keys could not be written yet: cause=%s", failure.getMessage());
        putBack.accept(item);
        return false;
    }

    /** Runs after the flush of the counted requests, which are billed. */
    void flushLast(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) ShutdownEvent event) {
        BackgroundWork.awaitLast(LAST_FLUSH, flush());
    }

    private Uni<Void> write(Map.Entry<Entry, Use> used) {
        var entry = used.getKey();
        return keys.countUse(entry.scope(), entry.key(), entry.range(), used.getValue());
    }

    private synchronized List<List<LastUse>> takeLastUses() {
        var taken = List.copyOf(lastUses.values());
        lastUses = new HashMap<>();
        var batches = new ArrayList<List<LastUse>>();
        for (var from = 0; from < taken.size(); from += BATCH) {
            batches.add(taken.subList(from, Math.min(from + BATCH, taken.size())));
        }
        return batches;
    }

    private synchronized Map<Entry, Use> takeEntryUses() {
        var taken = entryUses;
        entryUses = new HashMap<>();
        return taken;
    }

    private synchronized void putBack(List<LastUse> batch) {
        batch.forEach(use -> lastUses.putIfAbsent(use.key(), use));
    }

    private synchronized void putBack(Map.Entry<Entry, Use> used) {
        entryUses.merge(
                used.getKey(),
                used.getValue(),
                (since, before) -> new Use(since.count() + before.count(), since.last(), since.address()));
    }
}
