package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Commands;
import dev.offshoot.testing.CuttingProxy.Action;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ProxiedInstallation;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = ProxiedInstallation.class, scope = TestResourceScope.MATCHING_RESOURCES)
class HealthTest {

    @Test
    void livenessSendsNoCommand() {
        assertThat(Commands.during(() -> assertThat(health("live")).isEqualTo(200)))
                .isEmpty();
    }

    @Test
    void whileTheDatabaseIsAwayTheProcessLivesAndCallsAreAnsweredWithRetryAfter() {
        var proxy = ProxiedInstallation.proxy();
        proxy.arm(1, Action.CUT_BEFORE);
        try {
            var refused = PartnerClient.root().send("POST", "/organisations", PartnerClient.body("Child"));

            assertThat(PartnerClient.error(refused, 503).code()).isEqualTo("unavailable");
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(health("live")).isEqualTo(200);
            assertThat(health("ready")).isEqualTo(200);
        } finally {
            proxy.heal();
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> PartnerClient.root().send("GET", "/organisations").status() == 200);
    }

    private static int health(String kind) {
        var port = ConfigProvider.getConfig().getValue("quarkus.management.test-port", Integer.class);
        return Http.request("http://localhost:" + port, "GET", "/q/health/" + kind)
                .send()
                .status();
    }
}
