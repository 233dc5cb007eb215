package dev.offshoot.organisation;

import dev.offshoot.database.OwnContext;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Runs work with the same key one after another in this process. It decides nothing: it only keeps simultaneous writes of
 * unique keys from a deadlock in the database, which some databases notice after a second, and from work that is for
 * nothing.
 */
public final class Turns {
    private final ConcurrentMap<String, CompletableFuture<Void>> last = new ConcurrentHashMap<>();

    /** Runs the work at once, or after all that was given before with this key has ended. */
    public <T> Uni<T> run(String key, Uni<T> atOnce, Uni<T> afterOthers) {
        return Uni.createFrom().deferred(() -> {
            var end = new CompletableFuture<Void>();
            var before = last.put(key, end);
            var turn = before == null ? atOnce : after(before).chain(() -> afterOthers);
            return turn.onTermination().invoke(() -> {
                last.remove(key, end);
                end.complete(null);
            });
        });
    }

    private static Uni<Void> after(CompletableFuture<Void> before) {
        return OwnContext.resume(Uni.createFrom().completionStage(before));
    }
}
