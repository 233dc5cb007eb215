package dev.offshoot.database;

import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/**
 * For whom a request sends its commands: where commands have to wait, requesters take turns, so that one who asks for much
 * waits behind its own commands. It is kept in the context of the request.
 */
public final class Requester {
    private static final String KEY = Requester.class.getName();
    private static final Object NOBODY = new Object();

    private Requester() {}

    /** Commands of the current request are sent for that one from now on: a key, or an address before that is known. */
    public static void set(Object requester) {
        var context = Vertx.currentContext();
        if (isOwn(context)) {
            context.putLocal(KEY, requester);
        }
    }

    static Object current() {
        var context = Vertx.currentContext();
        var known = isOwn(context) ? context.getLocal(KEY) : null;
        return known == null ? NOBODY : known;
    }

    private static boolean isOwn(Context context) {
        return context != null && VertxContext.isDuplicatedContext(context);
    }
}
