package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rate limits of the packaged service, by its own clock, on two replicas. */
@Tag("any-database")
class RateLimitIT {
    @TempDir
    Path folder;

    @Test
    void limitIsFeltAtOnceHereAndWithinASecondThere() {
        try (var here = ServiceProcess.startReplica(folder, TestDatabase.uri());
                var there = ServiceProcess.startReplica(folder, TestDatabase.uri())) {
            var root = here.client(Installation.rootKey());
            var partner = root.createPartner("Partner");
            assertThat(list(there, partner.partnerKey())).isEqualTo(200);
            assertThat(list(here, partner.partnerKey())).isEqualTo(200);

            root.setLimits(partner.id(), 1, 1);
            var set = Instant.now();

            assertThat(list(here, partner.partnerKey())).isEqualTo(200);
            assertThat(list(here, partner.partnerKey())).isEqualTo(429);
            await().atMost(Duration.ofSeconds(5))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> list(there, partner.partnerKey()) == 429);
            // A second, and what a poll and a busy machine take.
            assertThat(Duration.between(set, Instant.now())).isLessThan(Duration.ofMillis(1500));

            root.removeLimits(partner.id());
            assertThat(list(here, partner.partnerKey())).isEqualTo(200);
            assertThat(list(here, partner.partnerKey())).isEqualTo(200);
        }
    }

    @Test
    void keyThatCallsWithoutAPauseGetsItsLimitAndNoMore() {
        try (var service = ServiceProcess.startReplica(folder, TestDatabase.uri())) {
            var root = service.client(Installation.rootKey());
            var partner = root.createPartner("Partner");
            var client = service.client(partner.partnerKey());
            client.list("");
            root.setLimits(partner.id(), 10, 5);

            var began = System.nanoTime();
            var accepted = 0;
            var refused = 0;
            while (System.nanoTime() - began < Duration.ofSeconds(4).toNanos()) {
                if (client.send("GET", "/organisations/malformed").status() == 429) {
                    refused++;
                } else {
                    accepted++;
                }
            }
            var seconds = (System.nanoTime() - began) / 1e9;

            assertThat(refused).isPositive();
            assertThat(accepted).isBetween(35, (int) (5 + 10 * seconds + 1));
            assertThat(service.trouble()).isEmpty();
        }
    }

    private static int list(ServiceProcess service, String key) {
        return new PartnerClient(service.base(), key)
                .send("GET", "/organisations")
                .status();
    }
}
