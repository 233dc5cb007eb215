package dev.offshoot.api.cloudmanager;

import static dev.offshoot.testing.CloudManagerClient.PATH;
import static dev.offshoot.testing.CloudManagerClient.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.BehindProxies;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.DigestClient;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.MonoidClient;
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
            198.51.100.7,                         | 403
            198.51.100.7:4711                     | 200
            198.51.100.7:65535, 10.1.2.3:80       | 200
            198.51.100.7:65536                    | 403
            198.51.100.7:                         | 403
            198.51.100.7:http                     | 403
            [2001:db8:1::5]:4711                  | 200
            [2001:db8:1::5]                       | 200
            [2001:db8:1::5]:65536                 | 403
            [2001:db8:1::5                        | 403
            2001:db8:1::5]                        | 403
            [198.51.100.7]                        | 403
            [::ffff:198.51.100.7]:4711            | 200
            [2001:db8:2::5]:4711                  | 403
            203.0.113.9:4711                      | 403
            ::198.51.100.7                        | 403
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

    /** The list holds the proxy's own address, which must not count in the place of what can't be read. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown",
                "",
                " ",
                ",",
                "127.0.0.1,",
                "127.0.0.1,unknown",
                "unknown, 10.1.2.3",
                "_hidden",
                "fe80::1%eth0",
                "\"127.0.0.1\"",
                "for=127.0.0.1",
                "127.0.0.1:99999",
                "127.0.0.1 10.1.2.3",
                "localhost"
            })
    void hopThatCannotBeReadIsAnAddressThatNoListHolds(String chain) {
        var key = limitedTo("0.0.0.0/0", "::/0").key();

        var answer = CloudManagerClient.with(key)
                .keyed("GET", "/orgs")
                .header("X-Forwarded-For", chain)
                .send();
        var partners = PartnerClient.with(key)
                .keyed("GET", "/organisations")
                .header("X-Forwarded-For", chain)
                .send();
        var monoid = MonoidClient.with(key)
                .keyed("GET", "/organisations")
                .header("X-Forwarded-For", chain)
                .send();
        var without =
                client.keyed("GET", "/orgs").header("X-Forwarded-For", chain).send();

        assertThat(error(answer, 403).parameters()).containsExactly("unknown");
        assertThat(List.of(partners.status(), monoid.status(), without.status()))
                .containsExactly(401, 403, 200);
    }

    /** Whose address is not known would shut itself out with any list. */
    @Test
    void callerOfAnUnknownAddressCannotLimitItsOwnKey() {
        var key = Objects.requireNonNull(partner.key());
        var own = "/api-keys/" + client.keyId();

        var partners = partner.keyed("PATCH", own)
                .header("X-Forwarded-For", "unknown")
                .header("Content-Type", "application/json")
                .body("{\"allowed_ips\":[\"0.0.0.0/0\",\"::/0\"]}")
                .send();

        assertThat(PartnerClient.error(partners, 409).code()).isEqualTo("caller_locked_out");
        assertThat(PartnerClient.with(key).send("GET", "/organisations").status())
                .isEqualTo(200);
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
    @ValueSource(strings = {"HTTPS", "Https", "http,HTTPS"})
    void schemeMayBeWrittenInAnyCase(String scheme) {
        var answer = forwarded(scheme, "tools.example");

        assertThat(hrefs(answer)).allMatch(href -> href.startsWith("https://tools.example" + PATH));
        assertThat(answer.headers().allValues("Strict-Transport-Security")).containsExactly("max-age=300");
    }

    @ParameterizedTest
    @CsvSource({
        "my_service,my_service",
        "my_service.example:8443,my_service.example:8443",
        "tools.example:,tools.example",
        "tools.example:65535,tools.example:65535",
        "[2001:db8::1]:8443,[2001:db8::1]:8443"
    })
    void hostMayHaveAnUnderscoreAndAnEmptyPort(String sent, String host) {
        assertThat(hrefs(forwarded("https", sent))).allMatch(href -> href.startsWith("https://" + host + PATH));
    }

    @ParameterizedTest
    @CsvSource({
        "/manager,/manager",
        "/manager/,/manager",
        "/a/b_c.d~e,/a/b_c.d~e",
        "/caf%C3%A9,/caf%C3%A9",
        "'/evil, /manager',/manager"
    })
    void prefixThatAProxyTookAwayStandsBeforeThePathInEveryLink(String sent, String prefix) {
        var id = partner.create("A").id();
        for (var path : List.of("", "/orgs?itemsPerPage=1", "/orgs/" + id, "/orgs/" + id + "/apiKeys")) {
            var answer = client.keyed("GET", path)
                    .header("X-Forwarded-Host", "tools.example")
                    .header("X-Forwarded-Prefix", sent)
                    .send();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(hrefs(answer))
                    .isNotEmpty()
                    .filteredOn(href -> href.contains(PATH))
                    .allMatch(href -> href.startsWith("http://tools.example" + prefix + PATH));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"manager", "//evil.example", "/a//b", "/a/../b", "/.", "/a?b", "/a#b", "/a b", "/%4", "/\"", "/"
            })
    void malformedPrefixIsNotTaken(String prefix) {
        assertThat(hrefs(prefixed(prefix))).allMatch(href -> href.startsWith(Http.base() + PATH));
    }

    @Test
    void lengthOfAPrefixIsBounded() {
        var longest = "/" + "a".repeat(255);

        assertThat(hrefs(prefixed(longest))).allMatch(href -> href.startsWith(Http.base() + longest + PATH));
        assertThat(hrefs(prefixed(longest + "a"))).allMatch(href -> href.startsWith(Http.base() + PATH));
    }

    /** A client signs the target that it sent, which the proxy then made shorter. */
    @Test
    void digestMayBeOfTheTargetWithThePrefix() {
        var digest = DigestClient.with(Objects.requireNonNull(partner.key()));
        var target = PATH + "/orgs?pretty=true";
        var sent =
                List.of(signed(digest, "/manager" + target), signed(digest, target), signed(digest, "/other" + target));

        assertThat(sent.stream().map(credentials -> Http.request("GET", target)
                        .header("Authorization", credentials)
                        .header("X-Forwarded-Prefix", "/manager/")
                        .send()
                        .status()))
                .containsExactly(200, 200, 401);
        assertThat(digest.send("GET", target, signed(digest, "/manager" + target))
                        .status())
                .isEqualTo(401);
    }

    private static String signed(DigestClient client, String target) {
        return client.credentials("GET", target, client.nonce(), "1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tools.example/x",
                "a b",
                "user@tools.example",
                "tools.example:1:2",
                "tools.example:65536",
                "\"",
                "tools.example?x"
            })
    void malformedForwardedHostIsNotTaken(String host) {
        assertThat(hrefs(forwarded("https", host)))
                .allMatch(href -> href.startsWith(Http.base().replace("http:", "https:") + PATH));
    }

    @Test
    void unknownForwardedSchemeIsNotTaken() {
        assertThat(hrefs(forwarded("javascript", "tools.example")))
                .allMatch(href -> href.startsWith("http://tools.example" + PATH));
    }

    private Answer prefixed(String prefix) {
        var answer = client.keyed("GET", "/orgs")
                .header("X-Forwarded-Prefix", prefix)
                .send();
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer;
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
