package dev.offshoot.api.cloudmanager;

import static dev.offshoot.testing.CloudManagerClient.PATH;
import static dev.offshoot.testing.CloudManagerClient.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.BehindProxies;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Stored;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a configured proxy says of a request: whose it is, and what it looked like to its client. */
@QuarkusTest
@WithTestResource(value = BehindProxies.class, scope = TestResourceScope.MATCHING_RESOURCES)
class ForwardedRequestTest {
    private final PartnerClient partner = PartnerClient.newPartner();
    private final CloudManagerClient client = CloudManagerClient.of(partner);

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            X-Forwarded-For                       | status
            198.51.100.7                          | 200
            198.51.100.7,10.1.2.3                 | 200
            203.0.113.9 , 198.51.100.7 , 10.1.2.3 | 200
            198.51.100.7, 2001:db8:ffff::1        | 200
            2001:db8:1::5                         | 200
            2001:0DB8:0001:0:0:0:0:5, 10.1.2.3    | 200
            ::ffff:198.51.100.7                   | 200
            203.0.113.9                           | 403
            198.51.100.7, 203.0.113.9             | 403
            198.51.100.7, 203.0.113.9, 10.1.2.3   | 403
            198.51.100.7, unknown                 | 403
            198.51.100.7:443                      | 403
            198.51.100.7,                         | 403
            10.1.2.3                              | 403
            """)
    void rightmostAddressThatIsNoProxysIsTheClients(String chain, int status) {
        var limited = limitedTo("198.51.100.7/32", "2001:db8:1::/48");

        var answer =
                limited.keyed("GET", "/orgs").header("X-Forwarded-For", chain).send();

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        if (status == 403) {
            assertThat(error(answer, 403).errorCode()).isEqualTo("IP_ADDRESS_NOT_ON_ACCESS_LIST");
        }
    }

    @Test
    void errorNamesTheClientsAddress() {
        var answer = limitedTo("198.51.100.7/32")
                .keyed("GET", "/orgs")
                .header("X-Forwarded-For", "2001:DB8:0:0:0:0:0:9, 10.1.2.3")
                .send();

        assertThat(error(answer, 403).parameters()).containsExactly("2001:db8::9");
    }

    @Test
    void chainIsReadAcrossSeveralHeaders() {
        var limited = limitedTo("198.51.100.7/32");

        var good = limited.keyed("GET", "/orgs")
                .header("X-Forwarded-For", "203.0.113.9")
                .header("X-Forwarded-For", "198.51.100.7")
                .send();
        var bad = limited.keyed("GET", "/orgs")
                .header("X-Forwarded-For", "198.51.100.7")
                .header("X-Forwarded-For", "203.0.113.9")
                .send();

        assertThat(List.of(good.status(), bad.status())).containsExactly(200, 403);
    }

    @Test
    void proxyWithoutTheHeaderIsTheClientItself() {
        assertThat(limitedTo("127.0.0.1/32").send("GET", "/orgs").status()).isEqualTo(200);
        assertThat(limitedTo("198.51.100.7/32").send("GET", "/orgs").status()).isEqualTo(403);
    }

    @Test
    void partnerApiTakesTheSameAddress() {
        var key = limitedTo("198.51.100.7/32").key();

        var good = PartnerClient.with(key)
                .keyed("GET", "/organisations")
                .header("X-Forwarded-For", "198.51.100.7")
                .send();

        assertThat(good.status()).isEqualTo(200);
        assertThat(PartnerClient.error(PartnerClient.with(key).send("GET", "/organisations"), 401)
                        .code())
                .isEqualTo("unauthorised");
    }

    @Test
    void linksAndStrictTransportFollowTheSchemeAndHostThatTheClientUsed() {
        var answer = forwarded("https", "tools.example:8443");

        assertThat(hrefs(answer)).allMatch(href -> href.startsWith("https://tools.example:8443" + PATH + "/orgs"));
        assertThat(answer.headers().allValues("Strict-Transport-Security")).containsExactly("max-age=300");
    }

    @Test
    void whatTheNearestProxySaysCounts() {
        var answer = forwarded("https, http", "evil.example, tools.example");

        assertThat(hrefs(answer)).allMatch(href -> href.startsWith("http://tools.example" + PATH));
        assertThat(answer.headers().map()).doesNotContainKey("strict-transport-security");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"tools.example/x", "a b", "user@tools.example", "tools.example:1:2", "\"", "tools.example?x"})
    void malformedForwardedHostIsNotTaken(String host) {
        assertThat(hrefs(forwarded("https", host)))
                .allMatch(href -> href.startsWith(Http.base().replace("http:", "https:") + PATH));
    }

    @Test
    void unknownForwardedSchemeIsNotTaken() {
        assertThat(hrefs(forwarded("javascript", "tools.example")))
                .allMatch(href -> href.startsWith("http://tools.example" + PATH));
    }

    private Answer forwarded(String scheme, String host) {
        var answer = client.keyed("GET", "/orgs")
                .header("X-Forwarded-Proto", scheme)
                .header("X-Forwarded-Host", host)
                .send();
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    private CloudManagerClient limitedTo(String... ranges) {
        var entries = List.of(ranges).stream()
                .map(range -> new Document("range", range)
                        .append("created", new Date())
                        .append("count", 0L))
                .toList();
        return CloudManagerClient.with(
                Stored.otherKey(Objects.requireNonNull(partner.key()), Map.of("access_list", entries)));
    }

    private static List<String> hrefs(Answer answer) {
        return answer.json().findValuesAsText("href");
    }
}
