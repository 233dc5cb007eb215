package dev.offshoot.testing;

import io.quarkus.test.junit.callback.QuarkusTestAfterAllCallback;
import io.quarkus.test.junit.callback.QuarkusTestContext;

/**
 * Searches the metrics and spans of the service for keys after each class of its tests. {@link DatabaseCleaner} searches its
 * database, {@link ServiceProcess} what it printed, and {@code .ci/run} what the run itself did.
 */
public final class KeySearchListener implements QuarkusTestAfterAllCallback {
    @Override
    public void afterAll(QuarkusTestContext context) {
        Metrics.scrape();
        KeySearch.assertNone("a span", Spans.all().toString());
    }
}
