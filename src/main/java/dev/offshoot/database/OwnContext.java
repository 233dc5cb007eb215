package dev.offshoot.database;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;

/**
 * Continues a request on its own context. What several requests wait for, such as a shared look-up or a permit, ends on
 * the context of another request, and whoever went on there would see that other request's caller.
 */
public final class OwnContext {
    private OwnContext() {}

    /** The same result, on the context that subscribes. Where that is none, on whichever thread it comes. */
    public static <T> Uni<T> resume(Uni<T> shared) {
        return Uni.createFrom().deferred(() -> shared.emitOn(executor()));
    }

    /** Runs a task behind what the current context does at once. */
    static void later(Runnable task) {
        var own = Vertx.currentContext();
        if (own == null) {
            task.run();
        } else {
            own.runOnContext(nothing -> task.run());
        }
    }

    /** Runs tasks on the context that calls this. */
    static Executor executor() {
        var own = Vertx.currentContext();
        return own == null
                ? Runnable::run
                : task -> {
                    if (Vertx.currentContext() == own) {
                        task.run();
                    } else {
                        own.runOnContext(nothing -> task.run());
                    }
                };
    }
}
