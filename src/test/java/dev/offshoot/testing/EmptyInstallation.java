package dev.offshoot.testing;

import java.util.Map;

/**
 * As {@link Installation}, with nothing stored yet in the embedded database: for what has to be done in time. That one
 * looks through whole collections, and those of the run hold what all tests before have left.
 */
public class EmptyInstallation extends Installation {
    @Override
    public Map<String, String> start() {
        TestDatabase.startEmpty();
        return super.start();
    }
}
