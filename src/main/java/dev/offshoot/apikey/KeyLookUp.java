package dev.offshoot.apikey;

import dev.offshoot.database.OwnContext;
import dev.offshoot.scope.Located;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One look-up of a key, which everybody shares who presents the key within a second of its start. It has two steps: the key
 * itself, and its caller, which is read once somebody has proven to hold the key. Nobody's hanging up ends a step.
 */
final class KeyLookUp {
    private final long beganNanos = System.nanoTime();
    private final Uni<Optional<Located<ApiKey>>> key;
    private final Uni<CachedKey> complete;
    private volatile @Nullable CachedKey result;

    /**
     * @param key the first step
     * @param complete the second step, of the key that the first step found
     */
    KeyLookUp(Uni<Optional<Located<ApiKey>>> key, Function<Located<ApiKey>, Uni<CachedKey>> complete) {
        this.key = key.memoize().indefinitely();
        this.complete = this.key
                .chain(found -> complete.apply(found.orElseThrow()))
                .invoke(known -> result = known)
                .memoize()
                .indefinitely();
    }

    boolean isShared() {
        return System.nanoTime() - beganNanos < CallerCache.MAX_AGE.toNanos();
    }

    /** Whether it began after that moment of the monotonic clock. */
    boolean beganAfter(long nanos) {
        return beganNanos - nanos > 0;
    }

    /** The result, if it is there. */
    Optional<CachedKey> result() {
        return Optional.ofNullable(result);
    }

    /** The key, if there is one. */
    Uni<Optional<Located<ApiKey>>> key() {
        return OwnContext.resume(key);
    }

    /** The key with its caller. Fails if there is no key. */
    Uni<CachedKey> complete() {
        return OwnContext.resume(complete);
    }
}
