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
 * Searches the run's database for keys after each class, and clears it for the next: no test finds what another class has
 * left, and the embedded server, which reads whole collections, stays quick. At the end it searches every database.
 */
public final class DatabaseCleaner implements LauncherSessionListener, TestExecutionListener {
    private final List<String> places = new ArrayList<>();

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        session.getLauncher().registerTestExecutionListeners(this);
    }

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        if (identifier.getSource().orElse(null) instanceof ClassSource && TestDatabase.isStarted()) {
            KeySearch.in(TestDatabase.data())
                    .forEach(place -> places.add(place + " after " + identifier.getDisplayName()));
            TestDatabase.clear();
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        places.addAll(TestDatabase.findInAll(KeySearch::in));
        if (!places.isEmpty()) {
            throw new AssertionError("Whole API keys are in the database: " + places);
        }
    }
}
