package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.testing.Balancer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes behind a balancer, of which one is replaced under load, as an update does. */
@Tag("any-database")
class RollingIT {
    private static final int CLIENTS = 8;

    @TempDir
    Path folder;

    @Test
    void noRequestFailsAndUsageAddsUpWhileAProcessIsReplaced() throws Exception {
        var threads = Executors.newFixedThreadPool(CLIENTS);
        try (var balancer = new Balancer();
                var stays = start();
                var goes = start();
                var comes = start()) {
            balancer.add(stays);
            balancer.add(goes);
            await().until(() -> balancer.ready() == 2);
            var root = new PartnerClient(balancer.base(), Installation.rootKey());
            var partner = new PartnerClient(
                    balancer.base(), root.createPartner("Partner").partnerKey());
            var customer = partner.create("Customer");
            var verified = new AtomicInteger();
            var ended = new AtomicBoolean();

            var load = IntStream.range(0, CLIENTS)
                    .mapToObj(each -> CompletableFuture.runAsync(
                            () -> {
                                while (!ended.get()) {
                                    partner.create("Created by " + each);
                                    partner.get(customer.id());
                                    assertThat(partner.verify(customer.apiKey()).valid())
                                            .isTrue();
                                    verified.incrementAndGet();
                                }
                            },
                            threads))
                    .toList();
            await().until(() -> verified.get() > 50);
            balancer.add(comes);
            await().until(() -> balancer.ready() == 3);
            goes.askToEnd();
            goes.awaitEnd();
            var before = verified.get();
            await().until(() -> verified.get() > before + 50);
            ended.set(true);
            load.forEach(CompletableFuture::join);

            assertThat(goes.trouble()).isEmpty();
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(counted(partner, customer.id()))
                    .isEqualTo(verified.get()));
        } finally {
            threads.shutdown();
        }
    }

    /** This month's and, should it begin just now, last month's. */
    private static long counted(PartnerClient partner, String organisation) {
        var month = YearMonth.now(ZoneOffset.UTC);
        return IntStream.of(0, 1)
                .mapToObj(back ->
                        partner.usage(organisation, month.minusMonths(back).toString()))
                .mapToLong(usage -> usage.at("/api_requests/total").longValue())
                .sum();
    }

    private ServiceProcess start() {
        return ServiceProcess.start(
                folder,
                Map.of(
                        "quarkus.mongodb.connection-string", TestDatabase.uri(),
                        "quarkus.mongodb.database", TestDatabase.name(),
                        "offshoot.root.key", Installation.rootKey(),
                        "offshoot.key-encryption.current", Installation.encryptionKey(),
                        "quarkus.shutdown.delay", "4s"));
    }
}
