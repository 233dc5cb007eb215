package dev.offshoot.runtime.checks;

/** Why the service does not start, in a sentence that says what to set. */
public final class StartRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StartRefused(String sentence) {
        super(sentence, null, false, false);
    }
}
