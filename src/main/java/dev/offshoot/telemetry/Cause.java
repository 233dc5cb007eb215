package dev.offshoot.telemetry;

/** Writes the cause of a failure for the log, in one line of bounded length. */
public final class Cause {
    private static final int MOST_CHARACTERS = 300;

    private Cause() {}

    public static String of(Throwable failure) {
        var line = failure.toString().replaceAll("\\s+", " ");
        return line.length() > MOST_CHARACTERS ? line.substring(0, MOST_CHARACTERS) : line;
    }
}
