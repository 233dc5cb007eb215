package dev.offshoot.api.monoid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Request;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every call of the Monoid API: its credential, paths, methods, headers, and which of several failures is reported. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class MonoidHttpTest {
    private static final String UNKNOWN = "0123456789abcdef01234567";

    private final PartnerClient partner = PartnerClient.newPartner();
    private final MonoidClient monoid = MonoidClient.of(partner);
    private final MonoidClient nobody = MonoidClient.with(null);

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER ", "BeArEr   "})
    void schemeIsReadInAnyCase(String scheme) {
        assertThat(authorized(scheme + partner.key()).status()).isEqualTo(200);
        assertThat(authorized(scheme + partner.key() + " ").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Basic YTpi | Bearer",
                "Digest username=\"x\" | Bearer",
                "nonsense | Bearer",
                "Bearer | Bearer error=\"invalid_token\"",
                "Bearer x y | Bearer error=\"invalid_token\"",
                "bearer x | Bearer error=\"invalid_token\""
            })
    void onlyAWrongTokenIsCalledInvalid(String sent, String challenge) {
        var refused = authorized(sent);

        assertThat(MonoidClient.error(refused, 401).code()).isEqualTo("unauthorised");
        assertThat(refused.headers().allValues("WWW-Authenticate")).containsExactly(challenge);
    }

    @Test
    void twoCredentialsAreNone() {
        var request = nobody.keyed("GET", "/organisations")
                .header("Authorization", "Bearer " + partner.key())
                .header("Authorization", "Bearer " + partner.key());

        MonoidClient.error(request.send(), 401);
        MonoidClient.error(authorized("Bearer " + partner.key() + ", Bearer " + partner.key()), 401);
    }

    @Test
    void keyInAnotherHeaderIsNone() {
        var request = nobody.keyed("GET", "/organisations").header("x-api-key", String.valueOf(partner.key()));

        MonoidClient.error(request.send(), 401);
    }

    @Test
    void headHasTheHeadersOfGet() {
        var id = monoid.create(null, "Org").objectId();
        for (var path : List.of("/organisations", MonoidClient.path(id), MonoidClient.membersPath(id))) {
            var get = monoid.send("GET", path);
            var head = monoid.send("HEAD", path);

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(comparable(head)).isEqualTo(comparable(get));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "//"})
    void slashesAtTheEndMakeNoDifference(String slashes) {
        var id = monoid.create(null, "Org").objectId();

        for (var path : List.of("/organisations", MonoidClient.path(id), MonoidClient.membersPath(id))) {
            assertThat(monoid.send("GET", path + slashes).body())
                    .isEqualTo(monoid.send("GET", path).body());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT | /organisations | GET, HEAD, POST",
                "POST | /organisations/x | DELETE, GET, HEAD, PATCH",
                "PUT | /organisations/x/members | GET, HEAD, POST",
                "POST | /organisations/x/members/y | DELETE, GET, HEAD, PATCH",
                "PATCH | /organisations/x/plan | DELETE, GET, HEAD, PUT",
                "OPTIONS | /organisations | GET, HEAD, POST"
            })
    void methodThatAPathDoesNotHaveIsNotAllowed(String method, String path, String allowed) {
        var answer = monoid.send(method, path);

        assertThat(MonoidClient.error(answer, 405).code()).isEqualTo("method_not_allowed");
        assertThat(answer.header("Allow")).isEqualTo(allowed);
        MonoidClient.error(nobody.send(method, path), 401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/organisations/x/y", "/organisations/x/members/y/z", "/organisations/x/plan/y"})
    void unknownPathIsNotFoundForKnownCallersOnly(String path) {
        assertThat(MonoidClient.error(monoid.send("GET", path), 404).code()).isEqualTo("not_found");
        MonoidClient.error(nobody.send("GET", path), 401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"members/..", "members/%2e%2e", "members/../", "./", "plan;x", "members//x"})
    void pathThatIsNotCanonicalIsUnknown(String rest) {
        var owner = MonoidClient.with(partner.mint("/api-keys", "org_owner").secret());
        var id = monoid.create(null, "Org").objectId();

        for (var client : List.of(owner, monoid)) {
            var answer = client.send("DELETE", MonoidClient.path(id) + "/" + rest);
            assertThat(answer.status()).isIn(403, 404);
        }
        assertThat(monoid.send("GET", MonoidClient.path(id)).status()).isEqualTo(200);
    }

    @Test
    void failuresAreReportedInTheirOrder() {
        var id = monoid.create(null, "Org").objectId();
        var reader =
                MonoidClient.with(partner.mint("/api-keys", "org_read_only").secret());
        var tooLong = " ".repeat(64 * 1024 + 1);
        var text = Map.of("Content-Type", "text/plain");
        var html = Map.of("Accept", "text/html");

        // Credential, role, path, declaration, length, body, look-up.
        MonoidClient.error(nobody.call("POST", "/organisations/x/y", tooLong, text), 401);
        MonoidClient.error(reader.call("PATCH", MonoidClient.path(id), tooLong, text), 403);
        MonoidClient.error(monoid.call("POST", "/organisations/x/y", tooLong, text), 404);
        MonoidClient.error(monoid.call("PATCH", MonoidClient.path(UNKNOWN), tooLong, text), 415);
        MonoidClient.error(monoid.call("GET", MonoidClient.path(UNKNOWN), null, html), 406);
        MonoidClient.error(monoid.sendText("PATCH", MonoidClient.path(UNKNOWN), tooLong), 413);
        MonoidClient.error(monoid.sendText("PATCH", MonoidClient.path(UNKNOWN), "{"), 400);
        MonoidClient.error(monoid.send("GET", MonoidClient.path(UNKNOWN) + "?includePlan=x"), 400);
        MonoidClient.error(monoid.sendText("PATCH", MonoidClient.path(UNKNOWN), "{\"name\":\"A\"}"), 404);
    }

    @Test
    void everyAnswerHasARequestIdAndIsNotStored() {
        for (var answer : List.of(
                monoid.send("GET", "/organisations"),
                monoid.send("GET", MonoidClient.path(UNKNOWN)),
                nobody.send("GET", "/organisations"))) {
            assertThat(answer.header("X-Request-Id")).matches("[A-Za-z0-9._-]{1,128}");
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        }
        var echoed = monoid.call("GET", "/organisations", null, Map.of("X-Request-Id", "mine-1"));
        assertThat(echoed.header("X-Request-Id")).isEqualTo("mine-1");
    }

    private Answer authorized(String credential) {
        Request request = nobody.keyed("GET", "/organisations").header("Authorization", credential);
        return request.send();
    }

    private static Map<String, List<String>> comparable(Answer answer) {
        var headers = new TreeMap<>(answer.headers().map());
        headers.keySet().removeIf(name -> name.equalsIgnoreCase("X-Request-Id"));
        return headers;
    }
}
