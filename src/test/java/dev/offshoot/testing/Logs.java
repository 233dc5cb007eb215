package dev.offshoot.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Listens to the log of the service under test. */
public final class Logs {
    private Logs() {}

    /** Warnings, errors and whatever has an exception, logged while the action runs. */
    public static List<String> troubleDuring(Runnable action) {
        var listener = new Listener();
        var root = Logger.getLogger("");
        root.addHandler(listener);
        try {
            action.run();
        } finally {
            root.removeHandler(listener);
        }
        return List.copyOf(listener.heard);
    }

    private static final class Listener extends Handler {
        private final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord entry) {
            if (entry.getLevel().intValue() >= Level.WARNING.intValue() || entry.getThrown() != null) {
                heard.add(entry.getLevel() + " " + entry.getMessage() + " " + entry.getThrown());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
