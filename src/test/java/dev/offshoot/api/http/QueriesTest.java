package dev.offshoot.api.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a query is read, byte by byte, and how it comes back in the links of a list. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class QueriesTest {
    private static final Pattern NEXT = Pattern.compile("<(\\?[!-;=?-~]*)>; rel=\"next\"");

    private final PartnerClient partner = PartnerClient.newPartner();

    @ParameterizedTest
    @EnumSource
    void semicolonIsACharacterLikeAnyOther(EachApi api) throws IOException {
        var answer = get(api, "?limit=1;x=2&itemsPerPage=1;x=2");

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(get(api, "?unknown=1;limit=0;itemsPerPage=0").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotUtf8IsABadRequestOfEveryCall(EachApi api) throws IOException {
        for (var query : new String[] {"?unknown=%ff", "?%c3=1", "?unknown=\u00ff", "?a&b=%ed%a0%80", "?x=%c0%af"}) {
            for (var method : new String[] {"GET", "POST"}) {
                var answer = call(api, method, api.list() + query);

                assertThat(answer.status())
                        .as("%s %s: %s", method, query, answer.body())
                        .isEqualTo(400);
                assertThat(answer.body()).contains("must be percent-encoded UTF-8");
            }
        }
        assertThat(unauthenticated(api.list() + "?unknown=%ff").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @EnumSource
    void malformedEncodingIsABadRequestInTheApisShape(EachApi api) throws IOException {
        for (var target :
                new String[] {"?limit=%", "?%zz", "?a=%4", "/%zz", "/%", "?a={b}", "?a=b|c", "/{x}", "?a#b"}) {
            var answer = unauthenticated(api.list() + target);

            assertThat(answer.status()).as(target).isEqualTo(400);
            assertThat(api.code(answer)).isIn("validation_failed", "INVALID_ATTRIBUTE");
        }
    }

    @Test
    void rawBytesFindWhatEncodedOnesDo() throws IOException {
        partner.create("Zoë ß日本");
        for (var name : new String[] {"Zo\u00eb \u00df\u65e5\u672c"}) {
            var raw = new String(name.getBytes(UTF_8), ISO_8859_1).replace(' ', '+');
            var answer = get(EachApi.CLOUD_MANAGER, "?name=" + raw);

            assertThat(answer.json().get("totalCount").intValue()).isEqualTo(1);
            assertThat(answer.json().at("/links/0/href").asText()).endsWith("?name=Zo%C3%AB+%C3%9F%E6%97%A5%E6%9C%AC");
        }
    }

    @Test
    void namesAreComparedAsTheyAre() throws IOException {
        assertThat(get(EachApi.PARTNER, "?LIMIT=0").status()).isEqualTo(200);
        assertThat(get(EachApi.PARTNER, "?limit=1&LIMIT=1").status()).isEqualTo(200);
        assertThat(get(EachApi.PARTNER, "?limit=1&%6cimit=1").status()).isEqualTo(400);
        assertThat(get(EachApi.PARTNER, "?limit").status()).isEqualTo(400);
        assertThat(get(EachApi.PARTNER, "?&&limit=1&").status()).isEqualTo(200);
    }

    @Test
    void linkCanBeFollowedWhateverTheQueryHeld() throws IOException {
        for (var name : new String[] {"A", "B", "C"}) {
            partner.create(name);
        }
        for (var api : new EachApi[] {EachApi.PARTNER, EachApi.MONOID}) {
            for (var query : new String[] {
                "?limit=1",
                "?limit=1&%73kip=1",
                "?%6cimit=1&o%66fset=0",
                "?limit=1&other=a;b[c]\u00c3\u00ab&empty=&flag"
            }) {
                var page = get(api, query);
                assertThat(page.status()).as(page.body()).isEqualTo(200);
                var link = NEXT.matcher(page.header("Link"));
                assertThat(link.matches()).as(page.header("Link")).isTrue();

                var next = get(api, link.group(1));
                assertThat(next.status())
                        .as("%s: %s", link.group(1), next.body())
                        .isEqualTo(200);
                assertThat(next.body()).isNotEqualTo(page.body());
                assertThat(link.group(1)).contains("after=");
                // Behind a prefix that a proxy took away it leads to the same list.
                assertThat(URI.create("https://service.example/prefix" + api.list())
                                .resolve(link.group(1))
                                .getPath())
                        .startsWith("/prefix/");
            }
        }
    }

    @Test
    void formatOfAnErrorIsReadAsThatOfAnAnswer() throws IOException {
        var api = EachApi.CLOUD_MANAGER;
        for (var query : new String[] {"?envelope=true", "?%65nvelope=tru%65", "?a;b&envelope=true"}) {
            assertThat(unauthenticated(api.list() + query)
                            .json()
                            .at("/content/errorCode")
                            .asText())
                    .isEqualTo("NO_CURRENT_USER");
        }
        for (var query :
                new String[] {"?a;envelope=true", "?envelope=true&envelope=true", "?envelope=true;", "?ENVELOPE=true"
                }) {
            assertThat(unauthenticated(api.list() + query)
                            .json()
                            .get("errorCode")
                            .asText())
                    .isEqualTo("NO_CURRENT_USER");
        }
    }

    @Test
    void everyKindOfListLinksRelatively() {
        var id = partner.create("A").id();
        for (var i = 0; i < 2; i++) {
            partner.mint(PartnerClient.keysOf(id), Map.of("name", "Key", "roles", java.util.List.of("standard")));
        }
        for (var path : new String[] {PartnerClient.keysOf(id) + "?limit=1", "/api-keys?scope=subtree&limit=1"}) {
            assertThat(partner.send("GET", path).header("Link")).matches(NEXT);
        }
    }

    private Answer get(EachApi api, String query) throws IOException {
        return call(api, "GET", api.list() + query);
    }

    private Answer call(EachApi api, String method, String target) throws IOException {
        try (var wire = Wire.open()) {
            return wire.head(method + " " + target + " HTTP/1.1", "Host: a", api.credential(partner, method, target))
                    .read();
        }
    }

    private static Answer unauthenticated(String target) throws IOException {
        try (var wire = Wire.open()) {
            return wire.head("GET " + target + " HTTP/1.1", "Host: a").read();
        }
    }
}
