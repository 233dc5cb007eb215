package dev.offshoot.owed;

/** How many entries a debtor did, and how many failed and wait on. */
public record Settled(int done, int failed) {
    /** When nothing waits, or nothing that can be done now. */
    public static final Settled NOTHING = new Settled(0, 0);

    static final Settled ONE = new Settled(1, 0);
    static final Settled ONE_FAILURE = new Settled(0, 1);

    Settled plus(Settled other) {
        return new Settled(done + other.done, failed + other.failed);
    }
}
