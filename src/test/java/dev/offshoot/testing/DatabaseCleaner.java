package dev.offshoot.testing;

import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Clears the run's database after each class for the next: no test finds an organisation that another class has left, and the
 * embedded server, which reads whole collections, stays quick. What is cleared is searched for keys, and at the end every
 * database.
 */
public final class DatabaseCleaner implements LauncherSessionListener, TestExecutionListener {
    private final List<String> failures = new ArrayList<>();

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        session.getLauncher().registerTestExecutionListeners(this);
    }

    /** JUnit would only log a failure of its own. */
    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        if (identifier.getSource().orElse(null) instanceof ClassSource && TestDatabase.isStarted()) {
            try {
                TestDatabase.clear();
            } catch (RuntimeException failure) {
                failures.add("after " + identifier.getDisplayName() + ": " + failure);
            }
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        var places = TestDatabase.placesOfKeys();
        if (!places.isEmpty() || !failures.isEmpty()) {
            throw new AssertionError(
                    "Whole API keys are or were in the database: " + places + ", not searched: " + failures);
        }
    }
}
