package dev.offshoot.api.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.CuttingProxy;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ProxiedInstallation;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A key that can't be looked up passes nowhere. */
@Tag("any-database")
@QuarkusTest
@WithTestResource(value = ProxiedInstallation.class, scope = TestResourceScope.MATCHING_RESOURCES)
class EdgeWithoutDatabaseTest {
    private final CuttingProxy database = ProxiedInstallation.proxy();
    private final EdgeWorld world = EdgeWorld.plant(PartnerClient.root());

    @AfterEach
    void heal() {
        database.heal();
        Awaitility.await("the database is back")
                .until(() -> PartnerClient.root().send("GET", "/organisations").status() == 200);
    }

    @ParameterizedTest
    @EnumSource(CuttingProxy.Action.class)
    void freshKeyIsNeitherLetInNorRefusedForGood(CuttingProxy.Action action) {
        var fresh = world.mint("standard");
        world.authorize(world.key());
        database.arm(1, action);

        var asked = Instant.now();
        var answer = world.authorize(fresh);

        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(5));
        assertThat(database.hasActed()).isTrue();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().map()).doesNotContainKeys("x-organisation-id", "x-organisation-key");
    }
}
