package dev.offshoot.runtime.checks;

/**
 * A setting that is unsafe as it is. None of it ever holds a secret.
 *
 * @param setting its name in the environment
 * @param flaw what is wrong with it and what comes of that, as the rest of a sentence that begins with the name
 * @param remedy what to do, in whole sentences
 */
public record Unsafe(Severity severity, String setting, String flaw, String remedy) {

    /** What it does to the start. */
    enum Severity {
        /** The service can't work with it: no start. */
        UNUSABLE,
        /** No start, but for a demonstration, which warns. */
        SEVERE,
        /** A warning at every start. */
        WARNING
    }

    static Unsafe unusable(String setting, String flaw, String remedy) {
        return new Unsafe(Severity.UNUSABLE, setting, flaw, remedy);
    }

    static Unsafe severe(String setting, String flaw, String remedy) {
        return new Unsafe(Severity.SEVERE, setting, flaw, remedy);
    }

    static Unsafe warning(String setting, String flaw, String remedy) {
        return new Unsafe(Severity.WARNING, setting, flaw, remedy);
    }

    boolean stops(boolean demo) {
        return switch (severity) {
            case UNUSABLE -> true;
            case SEVERE -> !demo;
            case WARNING -> false;
        };
    }

    /** All of it in a line. */
    public String text() {
        return setting + " " + flaw + ". " + remedy;
    }
}
