package dev.offshoot.testing;

import io.quarkus.test.junit.callback.QuarkusTestBeforeClassCallback;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.ConfigProvider;

/** Waits before the tests of a class until the service is ready: its port is open before. */
public class Ready implements QuarkusTestBeforeClassCallback {
    @Override
    public void beforeClass(Class<?> testClass) {
        var port = ConfigProvider.getConfig().getValue("quarkus.management.test-port", Integer.class);
        await("http://localhost:" + port);
    }

    static void await(String management) {
        Awaitility.await("the service is ready")
                .until(() -> Http.request(management, "GET", "/q/health/ready")
                                .send()
                                .status()
                        == 200);
    }
}
