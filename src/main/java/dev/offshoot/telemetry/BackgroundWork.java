package dev.offshoot.telemetry;

import io.smallrye.mutiny.Context;
import io.smallrye.mutiny.Uni;
import java.time.Duration;

/**
 * Marks work that no request waits for. Its commands have a share of the permits of their own, wait for one as long as
 * it takes, and may be slow. A start and a command-line task are background work too.
 */
public final class BackgroundWork {
    private static final String KEY = BackgroundWork.class.getName();

    private BackgroundWork() {}

    /** The same work, marked. */
    public static <T> Uni<T> of(Uni<T> work) {
        return Uni.createFrom().emitter(emitter -> {
            var running = work.subscribe().with(Context.of(KEY, true), emitter::complete, emitter::fail);
            emitter.onTermination(running::cancel);
        });
    }

    /** Waits for the work at the end of the process, but no longer than that. It does not matter whether it fails. */
    public static void awaitLast(Duration longest, Uni<?> work) {
        of(work.replaceWithVoid())
                .ifNoItem()
                .after(longest)
                .fail()
                .onFailure()
                .recoverWithNull()
                .await()
                .indefinitely();
    }

    /** Whether what runs in this context is marked. */
    public static boolean isMarked(Context context) {
        return context.contains(KEY);
    }
}
