package dev.offshoot.testing;

import dev.offshoot.testing.CuttingProxy.Action;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.types.ObjectId;

/** The end of one call's commands to the database, which are known by the ids of the records that they name. */
public final class CommandStop {
    private final List<byte[]> ids;
    private final int command;
    private final Action action;
    private final AtomicInteger seen = new AtomicInteger();
    private volatile boolean reached;

    CommandStop(Collection<ObjectId> records, int command, Action action) {
        this.ids = records.stream().map(ObjectId::toByteArray).toList();
        this.command = command;
        this.action = action;
    }

    /** What becomes of a command. */
    enum Fate {
        PASS,
        /** It is carried out, and its answer dropped. */
        SILENCE,
        DROP
    }

    Fate see(byte[] message) {
        if (ids.stream().noneMatch(id -> contains(message, id))) {
            return Fate.PASS;
        }
        var number = seen.incrementAndGet();
        if (number < command) {
            return Fate.PASS;
        }
        if (number == command && action == Action.CUT_AFTER) {
            return Fate.SILENCE;
        }
        if (number == command) {
            reach();
        }
        return Fate.DROP;
    }

    void reach() {
        reached = true;
    }

    /** How many of the call's commands there were. */
    public int seen() {
        return seen.get();
    }

    /** Whether the command has come, and if it is to be carried out, whether it was. */
    public boolean isReached() {
        return reached;
    }

    private static boolean contains(byte[] message, byte[] id) {
        for (var from = 0; from <= message.length - id.length; from++) {
            if (Arrays.equals(message, from, from + id.length, id, 0, id.length)) {
                return true;
            }
        }
        return false;
    }
}
