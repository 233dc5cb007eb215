package dev.offshoot.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.testing.CuttingProxy;
import dev.offshoot.testing.CuttingProxy.Action;
import dev.offshoot.testing.Metrics;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ProxiedInstallation;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** While the database is away nobody's budget is charged: what can't be looked up was not unknown. */
@Tag("any-database")
@QuarkusTest
@WithTestResource(value = ProxiedInstallation.class, scope = TestResourceScope.MATCHING_RESOURCES)
class LookUpsWithoutDatabaseTest {
    /** Twice what an address can have at once. */
    private static final int KEYS = 2400;

    private static final int AT_ONCE = 40;

    private final CuttingProxy database = ProxiedInstallation.proxy();

    @AfterEach
    void heal() {
        database.heal();
        await("the database is back")
                .until(() -> PartnerClient.root().send("GET", "/organisations").status() == 200);
    }

    @Test
    void lookUpsThatFailAreFree() {
        PartnerClient.newPartner();
        database.arm(1, Action.CUT_BEFORE);
        await("the database is away").until(() -> unknownKey() == 503);
        var before = refused();

        var threads = Executors.newFixedThreadPool(AT_ONCE);
        var answers = IntStream.range(0, KEYS)
                .mapToObj(i -> CompletableFuture.supplyAsync(LookUpsWithoutDatabaseTest::unknownKey, threads))
                .toList();

        assertThat(answers).extracting(CompletableFuture::join).containsOnly(503);
        threads.shutdown();
        assertThat(refused()).isEqualTo(before);
    }

    private static int unknownKey() {
        return PartnerClient.with(KeySecret.mint().reveal())
                .send("GET", "/organisations")
                .status();
    }

    private static double refused() {
        return Metrics.scrape().value("offshoot_keys_over_budget_total", "budget", "network");
    }
}
