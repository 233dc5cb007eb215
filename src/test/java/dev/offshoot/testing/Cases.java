package dev.offshoot.testing;

/** How many cases the generated and the crash-point suites run. */
public final class Cases {
    private Cases() {}

    /** All of them, or on a slow database a part: {@code TEST_CASES_DIVISOR} says which. */
    public static int of(int all) {
        return Math.max(1, all / divisor());
    }

    /** Whether every case is run: then so is what waits for a minute, and says nothing of a JDK or a database. */
    public static boolean all() {
        return divisor() == 1;
    }

    /** Whether every case is run, on the packaged jar: then so is what says nothing of a native image either. */
    public static boolean allOnJar() {
        return all() && Packaged.hasEmbeddedStore();
    }

    /** Whether the case of that number, counted from 0, is run. */
    public static boolean runs(int number) {
        return number % divisor() == 0;
    }

    private static int divisor() {
        var set = System.getenv("TEST_CASES_DIVISOR");
        return set == null || set.isBlank() ? 1 : Integer.parseInt(set);
    }
}
