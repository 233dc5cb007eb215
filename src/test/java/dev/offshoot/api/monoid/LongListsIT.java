package dev.offshoot.api.monoid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.api.http.TimeLimit;
import dev.offshoot.testing.Container;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.ManyOrganisations;
import dev.offshoot.testing.Together;
import dev.offshoot.testing.attack.AttackedService;
import dev.offshoot.testing.attack.OwnAddressClient;
import dev.offshoot.testing.attack.OwnAddressClient.Reply;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The longest list of the packaged service, asked for without parameters by many at once. */
@EnabledIf(
        value = "dev.offshoot.testing.Cases#allOnJar",
        disabledReason = "says nothing of a JDK, a database or a native image")
class LongListsIT {
    private static final int ORGANISATIONS = 10_000;
    private static final int PAGE = 1_000;

    /** As long as such a call may take. */
    private static final Timeout PATIENCE = Timeout.ofSeconds(TimeLimit.LONG_LIST_SECONDS);

    @TempDir
    Path folder;

    @Test
    void longListsAreServedWithinTheMemory() throws Exception {
        var container = Container.ofTheManifests();
        try (var service = AttackedService.start(folder, container);
                var others = new OwnAddressClient(service.process().base(), AttackedService.OTHERS, PATIENCE)) {
            var key = Objects.requireNonNull(service.attacker().partnerKey());
            ManyOrganisations.copy(service.process().client(key).create("Child"), ORGANISATIONS);
            Callable<Integer> list = () ->
                    length(others.send("GET", "/api/v1/organisations", Map.of("Authorization", "Bearer " + key), null));

            for (var lists : new int[] {1, 8, 32, 100}) {
                assertThat(Together.run(Collections.nCopies(lists, list)))
                        .as("%s lists at once", lists)
                        .containsOnly(PAGE);
            }

            assertThat(service.process().peakResidentBytes().orElseThrow())
                    .as("the most memory held")
                    .isLessThan(container.memoryBytes());
        }
    }

    private static int length(Reply reply) {
        assertThat(reply.status()).isEqualTo(200);
        return Http.json(reply.body()).get("data").size();
    }
}
