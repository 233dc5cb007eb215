package dev.offshoot.api.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.BehindProxies;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.PartnerClient;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose address counts at the edge where proxies are configured, the asking one among them. */
@QuarkusTest
@WithTestResource(value = BehindProxies.class, scope = TestResourceScope.MATCHING_RESOURCES)
class EdgeBehindProxiesTest {
    private final EdgeWorld world = EdgeWorld.plant(PartnerClient.root());

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            203.0.113.9                           | 200
            203.0.113.9, 10.1.2.3                 | 200
            203.0.113.9, 127.0.0.1                | 200
            198.51.100.1, 203.0.113.9, 10.1.2.3   | 200
            203.0.113.9, 2001:db8:ffff::1         | 200
            203.0.113.9:4711                      | 200
            203.0.113.9:4711, 10.1.2.3:80         | 200
            203.0.113.9, [2001:db8:ffff::1]:80    | 200
            203.0.113.9:65536                     | 403
            203.0.113.9, 198.51.100.1             | 403
            203.0.113.9, 198.51.100.1, 10.1.2.3   | 403
            203.0.113.9, unknown, 10.1.2.3        | 403
            203.0.113.9, 10.1.2.3,                | 403
            10.1.2.3, 127.0.0.1                   | 403
            """)
    void rightmostAddressThatIsNoProxysIsTheCustomers(String chain, int status) {
        var asked = world.asProxy("GET", "/authorize")
                .header("x-api-key", world.mintFor("203.0.113.9"))
                .header("X-Forwarded-For", chain);

        assertThat(asked.send().status()).isEqualTo(status);
    }

    @Test
    void chainIsReadAcrossSeveralHeaders() {
        var key = world.mintFor("203.0.113.9");

        var good = world.asProxy("GET", "/authorize")
                .header("x-api-key", key)
                .header("X-Forwarded-For", "198.51.100.1")
                .header("X-Forwarded-For", "203.0.113.9, 10.1.2.3");
        var bad = world.asProxy("GET", "/authorize")
                .header("x-api-key", key)
                .header("X-Forwarded-For", "203.0.113.9, 10.1.2.3")
                .header("X-Forwarded-For", "198.51.100.1");

        assertThat(good.send().status()).isEqualTo(200);
        assertThat(bad.send().status()).isEqualTo(403);
    }

    @Test
    void proxysOwnListIsHeldAgainstThePeerWhateverItForwards() {
        var here = world.mintOwn(Map.of("allowed_ips", List.of("127.0.0.0/8")), "gateway");
        var elsewhere = world.mintOwn(Map.of("allowed_ips", List.of("203.0.113.9")), "gateway");

        assertThat(authorize(here)).isEqualTo(200);
        assertThat(authorize(elsewhere)).isEqualTo(403);
    }

    private int authorize(String gatewayKey) {
        return Http.request("GET", "/authorize")
                .header("x-gateway-key", gatewayKey)
                .header("x-api-key", world.key())
                .header("X-Forwarded-For", "203.0.113.9")
                .send()
                .status();
    }
}
