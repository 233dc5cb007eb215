package dev.offshoot.testing;

import io.quarkus.test.junit.callback.QuarkusTestAfterAllCallback;
import io.quarkus.test.junit.callback.QuarkusTestContext;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Searches what a run leaves for keys: the metrics and spans of the service after each class of its tests, and at the end
 * every database. {@link ServiceProcess} searches what it printed, and {@code .ci/run} what the run itself did.
 */
public final class KeySearchListener implements QuarkusTestAfterAllCallback, LauncherSessionListener {
    @Override
    public void afterAll(QuarkusTestContext context) {
        Metrics.scrape();
        KeySearch.assertNone("a span", Spans.all().toString());
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        var places = TestDatabase.findInAll(KeySearch::in);
        if (!places.isEmpty()) {
            throw new AssertionError("Whole API keys are in the database: " + places);
        }
    }
}
