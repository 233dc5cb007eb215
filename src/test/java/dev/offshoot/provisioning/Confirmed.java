package dev.offshoot.provisioning;

import io.quarkus.test.junit.callback.QuarkusTestAfterAllCallback;
import io.quarkus.test.junit.callback.QuarkusTestContext;
import jakarta.enterprise.inject.spi.CDI;
import java.time.Duration;

/**
 * Confirms after the tests of a class what they created. Tests run without background work, and what is left would be
 * pending until a test that runs the whole task queue.
 */
public class Confirmed implements QuarkusTestAfterAllCallback {
    @Override
    public void afterAll(QuarkusTestContext context) {
        CDI.current()
                .select(BatchConfirmation.class)
                .get()
                .flush()
                .onFailure()
                .recoverWithNull()
                .await()
                .atMost(Duration.ofSeconds(30));
    }
}
