package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What two processes of the packaged service count over one database, when they end well and when they are killed. */
class CountingIT {
    /** The most that a crash may lose, and what a busy machine takes. */
    private static final Duration FIVE_SECONDS_AND_SOME = Duration.ofSeconds(8);

    @TempDir
    Path folder;

    @Test
    void nothingIsCountedTwiceAndAnOrderlyEndLosesNothing() {
        try (var here = start();
                var there = start()) {
            // Given
            var partner = here.client(Installation.rootKey()).createPartner("Partner");
            var child = here.client(partner.partnerKey()).create("Child");

            // When both count, then one ends and the other is killed once its counts are written, and starts again.
            IntStream.range(0, 20).forEach(n -> {
                verify(here, partner, child, 1);
                verify(there, partner, child, 10);
            });
            awaitCounted(there, partner, child, 220);
            verify(here, partner, child, 7);
            here.terminate();
            assertThat(counted(there, partner, child)).isEqualTo(227);
            verify(there, partner, child, 3);
            awaitCounted(there, partner, child, 230);
            there.kill();
            try (var again = start()) {
                verify(again, partner, child, 1);
                awaitCounted(again, partner, child, 231);

                // Then
                verify(again, partner, child, 0);
                again.terminate();
            }
            try (var reader = start()) {
                assertThat(counted(reader, partner, child)).isEqualTo(231);
            }
        }
    }

    private ServiceProcess start() {
        return ServiceProcess.startReplica(folder, TestDatabase.uri());
    }

    private static void verify(ServiceProcess service, Created partner, Created child, int count) {
        var verification = client(service, partner).verify(Map.of("api_key", child.apiKey(), "count", count));
        assertThat(verification.valid()).isTrue();
    }

    private static void awaitCounted(ServiceProcess service, Created partner, Created child, long requests) {
        await().atMost(FIVE_SECONDS_AND_SOME)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> counted(service, partner, child) == requests);
    }

    /** This month's and, should it begin just now, last month's. */
    private static long counted(ServiceProcess service, Created partner, Created child) {
        var month = YearMonth.now(ZoneOffset.UTC);
        return IntStream.of(0, 1)
                .mapToObj(back -> client(service, partner)
                        .usage(child.id(), month.minusMonths(back).toString()))
                .mapToLong(usage -> usage.at("/api_requests/total").longValue())
                .sum();
    }

    private static PartnerClient client(ServiceProcess service, Created partner) {
        return service.client(Objects.requireNonNull(partner.partnerKey()));
    }
}
