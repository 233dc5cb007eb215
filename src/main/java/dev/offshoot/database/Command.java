package dev.offshoot.database;

/** The kinds of commands, by what their time says and by what may be repeated. */
public enum Command {
    /** Reads few records by a key. */
    SHORT_READ,
    /** Reads as many records as there are. */
    LONG_READ,
    /** Writes one record by its key. */
    SHORT_WRITE,
    /** Writes as many records as there are. */
    LONG_WRITE;

    /** Whether how long it takes says how much the database has to do. */
    boolean isShort() {
        return this == SHORT_READ || this == SHORT_WRITE;
    }

    /** Whether it may be sent again. A write may only if the database undid it: otherwise it may have been carried out. */
    boolean mayRepeat(Throwable failure) {
        return switch (this) {
            case SHORT_READ, LONG_READ -> DatabaseErrors.isPassing(failure) && !DatabaseErrors.isTimeout(failure);
            case SHORT_WRITE, LONG_WRITE -> DatabaseErrors.isUndone(failure);
        };
    }
}
