package dev.offshoot.runtime;

/** Why the service does not start, in a sentence that says what to set. */
final class StartRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    StartRefused(String sentence) {
        super(sentence, null, false, false);
    }
}
