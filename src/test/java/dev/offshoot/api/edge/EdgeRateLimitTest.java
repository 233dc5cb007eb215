package dev.offshoot.api.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.TestTimeMeter;
import dev.offshoot.usage.RequestCounter;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** What a proxy learns of a customer whose key has a rate limit, and of its own. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class EdgeRateLimitTest {
    private final EdgeWorld world = EdgeWorld.plant(PartnerClient.root());

    @Inject
    TestTimeMeter time;

    @Inject
    RequestCounter counter;

    @Test
    void customerPassesUpToItsLimitAndEveryAnswerTellsIt() {
        limitCustomer(2, 2);

        assertTold(world.authorize(world.key()), 200, "\"key\";r=1;t=1");
        assertTold(world.authorize(world.key()), 200, "\"key\";r=0;t=1");
        var refused = world.authorize(world.key());
        assertTold(refused, 429, "\"key\";r=0;t=1");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(refused.body()).isEmpty();
        assertThat(refused.header("X-Organisation-Id")).isEmpty();
        assertThat(refused.header("Cache-Control")).isEqualTo("no-store");
        time.pass(Duration.ofMillis(500));
        assertTold(world.authorize(world.key()), 200, "\"key\";r=0;t=1");
    }

    @Test
    void whatIsRefusedIsNotUsageAndCostsNoCommand() {
        limitCustomer(1, 1);
        world.authorize(world.key());

        var commands = Commands.during(() -> {
            for (var i = 0; i < 10; i++) {
                assertThat(world.authorize(world.key()).status()).isEqualTo(429);
            }
        });

        assertThat(commands).isEmpty();
        counter.flush().await().indefinitely();
        var month = YearMonth.now(ZoneOffset.UTC).toString();
        assertThat(world.partner()
                        .usage(world.customer().id(), month)
                        .at("/api_requests/total")
                        .longValue())
                .isEqualTo(1);
    }

    @Test
    void bucketIsTheOneOfTheOtherApis() {
        limitCustomer(1, 2);
        world.authorize(world.key());

        assertThat(PartnerClient.with(world.key()).send("GET", "/usage").header("RateLimit"))
                .isEqualTo("\"key\";r=0;t=2");
        assertThat(world.authorize(world.key()).status()).isEqualTo(429);
        assertThat(world.partner().verify(world.key()).code()).isEqualTo("rate_limited");
    }

    @Test
    void keyThatIsRefusedOtherwiseTellsNothing() {
        limitCustomer(1, 1);
        var listed = world.mintFor("192.0.2.1");

        for (var i = 0; i < 3; i++) {
            assertThat(world.authorize(listed).status()).isEqualTo(403);
            assertThat(world.authorize(listed).header("RateLimit")).isEmpty();
        }
        assertThat(world.authorize(KeySecret.mint().reveal()).header("RateLimit"))
                .isEmpty();
    }

    /** A proxy passes the headers on to the customer, whom the proxy's own limit does not concern. */
    @Test
    void proxysOwnLimitCountsAndIsNotTold() {
        var root = PartnerClient.root();
        var vendor = root.createPartner("Vendor");
        var partner = PartnerClient.of(vendor);
        var customer = partner.create("Customer");
        var gateway = partner.mint("/api-keys", "gateway").secret();
        var limited = new EdgeWorld(partner, gateway, customer);
        root.setLimits(vendor.id(), 1, 2);

        for (var i = 0; i < 2; i++) {
            var passed = limited.authorize(limited.key());
            assertThat(passed.status()).isEqualTo(200);
            assertThat(passed.header("RateLimit")).isEmpty();
        }
        var refused = limited.authorize(limited.key());
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(refused.header("RateLimit")).isEmpty();
        time.pass(Duration.ofSeconds(1));
        partner.setLimits(customer.id(), 1, 5);
        assertTold(limited.authorize(limited.key()), 200, "\"key\";r=4;t=1");
    }

    private void limitCustomer(long requestsPerSecond, long burst) {
        world.partner().setLimits(world.customer().id(), requestsPerSecond, burst);
    }

    private static void assertTold(Answer answer, int status, String left) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headers().allValues("RateLimit")).containsExactly(left);
        assertThat(answer.headers().allValues("RateLimit-Policy")).hasSize(1);
    }
}
