package dev.offshoot.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;

/** Listens to the log of the service under test. */
public final class Logs {
    private Logs() {}

    /** Warnings, errors and whatever has an exception, logged while the action runs. */
    public static List<String> troubleDuring(Runnable action) {
        var listener = new Listener(
                entry -> entry.getLevel().intValue() >= Level.WARNING.intValue() || entry.getThrown() != null);
        var root = Logger.getLogger("");
        root.addHandler(listener);
        try {
            action.run();
        } finally {
            root.removeHandler(listener);
        }
        return List.copyOf(listener.heard);
    }

    /** What that class logs at debug level while the action runs. */
    public static List<String> debugDuring(String category, Runnable action) {
        var listener = new Listener(entry -> entry.getLevel().getName().equals("DEBUG"));
        var logger = Logger.getLogger(category);
        var before = logger.getLevel();
        logger.setLevel(Level.ALL);
        logger.addHandler(listener);
        try {
            action.run();
        } finally {
            logger.removeHandler(listener);
            logger.setLevel(before);
        }
        return List.copyOf(listener.heard);
    }

    private static final class Listener extends Handler {
        private final List<String> heard = new CopyOnWriteArrayList<>();
        private final Predicate<LogRecord> wanted;

        Listener(Predicate<LogRecord> wanted) {
            this.wanted = wanted;
        }

        @Override
        public void publish(LogRecord entry) {
            if (wanted.test(entry)) {
                heard.add(entry.getLevel() + " " + text(entry) + " " + entry.getThrown());
            }
        }

        private static String text(LogRecord entry) {
            return entry instanceof ExtLogRecord formatted ? formatted.getFormattedMessage() : entry.getMessage();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
