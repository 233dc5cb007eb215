package dev.offshoot.api.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.Wire;
import dev.offshoot.usage.RequestCounter;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a reverse proxy learns of a request that it asks about ({@code api.md}, section 6, {@code /authorize}). */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class EdgeTest {
    private static final String[] IDENTITY_HEADERS = {"x-organisation-id", "x-organisation-key", "x-api-key-id"};

    private final EdgeWorld world = EdgeWorld.plant(PartnerClient.root());

    @Inject
    RequestCounter counter;

    @Test
    void goodKeyIsAnsweredWithWhoseItIs() {
        assertPasses(world.authorize(world.key()), world.key());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER  "})
    void goodKeyIsTakenAsABearerTokenToo(String scheme) {
        assertPasses(ask("Authorization", scheme + world.key()), world.key());
    }

    @Test
    void ofBothSpellingsTheOneOfTheKeysOwnHeaderCounts() {
        var unknown = KeySecret.mint().reveal();

        assertPasses(ask("x-api-key", world.key(), "Authorization", "Bearer " + unknown), world.key());
        assertRefused(ask("x-api-key", unknown, "Authorization", "Bearer " + world.key()), 401);
        assertRefused(ask("x-api-key", "", "Authorization", "Bearer " + world.key()), 401);
    }

    static Stream<Arguments> badKeys() {
        return Stream.of(
                bad("empty", world -> ""),
                bad("malformed", world -> "osk_nonsense"),
                bad("with a wrong checksum", world -> world.key().substring(1) + "x"),
                bad("with something behind it", world -> world.key() + ", " + world.key()),
                bad("unknown", world -> KeySecret.mint().reveal()),
                bad("of a known id with another secret", world -> Stored.keyWithWrongSecret(world.key())),
                bad("expired", world -> Stored.otherKey(world.key(), Map.of("expires_at", aMinuteAgo()))),
                bad("revoked", world -> revoked(world)),
                bad("of a deleted organisation", world -> ofDeleted(world)),
                bad("of another tree", world -> EdgeWorld.plant(PartnerClient.root())
                        .key()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badKeys")
    void badKeyIsUnauthorised(String name, Function<EdgeWorld, String> key) {
        var bad = key.apply(world);

        assertRefused(ask("x-api-key", bad), 401);
        assertRefused(ask("Authorization", "Bearer " + bad), 401);
    }

    @Test
    void noKeyOrMoreThanOneIsUnauthorised() {
        assertRefused(ask(), 401);
        assertRefused(ask("Authorization", "Basic " + world.key()), 401);
        assertRefused(ask("Authorization", world.key()), 401);
        assertRefused(ask("x-api-key", world.key(), "x-api-key", world.key()), 401);
        assertRefused(
                ask("x-api-key", world.key(), "X-API-KEY", KeySecret.mint().reveal()), 401);
        assertRefused(ask("Authorization", "Bearer " + world.key(), "authorization", "Bearer " + world.key()), 401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "partner"})
    void gatewayMayBeAnyKeyOfThoseRoles(String role) {
        var gateway = world.mintOwn(Map.of(), role);

        assertPasses(asGateway(gateway, "x-api-key", world.key()), world.key());
    }

    @ParameterizedTest
    @ValueSource(strings = {"org_owner", "org_read_only", "standard"})
    void gatewayOfAnotherRoleIsForbidden(String role) {
        assertRefused(asGateway(world.mint(role), "x-api-key", world.key()), 403);
        assertRefused(asGateway(world.mintOwn(Map.of(), role), "x-api-key", world.key()), 403);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badKeys")
    void badGatewayIsForbidden(String name, Function<EdgeWorld, String> key) {
        assertRefused(asGateway(key.apply(world), "x-api-key", world.key()), 403);
    }

    @Test
    void gatewayIsOneHeaderAndNoOther() {
        assertRefused(
                Http.request("GET", "/authorize")
                        .header("x-api-key", world.key())
                        .send(),
                403);
        assertRefused(
                Http.request("GET", "/authorize")
                        .header("x-api-key", world.gatewayKey())
                        .send(),
                403);
        assertRefused(
                Http.request("GET", "/authorize")
                        .header("Authorization", "Bearer " + world.gatewayKey())
                        .send(),
                403);
        assertRefused(
                world.asProxy("GET", "/authorize")
                        .header("x-gateway-key", world.gatewayKey())
                        .header("x-api-key", world.key())
                        .send(),
                403);
    }

    @Test
    void gatewayKnowsTheKeysOfItsOwnTreeOnly() {
        var other = EdgeWorld.plant(PartnerClient.root());

        assertRefused(asGateway(other.gatewayKey(), "x-api-key", world.key()), 401);
        assertRefused(ask("x-api-key", Installation.rootKey()), 401);
        assertPasses(asGateway(Installation.rootKey(), "x-api-key", world.key()), world.key());
    }

    @Test
    void unknownGatewayLearnsNothingOfTheCustomersKey() {
        var nobody = KeySecret.mint().reveal();

        assertRefused(asGateway(nobody, "x-api-key", nobody), 403);
        assertRefused(asGateway(nobody), 403);
    }

    @Test
    void gatewaysOwnListIsHeldAgainstThePeer() {
        var here = world.mintOwn(Map.of("allowed_ips", List.of("127.0.0.0/8")), "gateway");
        var elsewhere = world.mintOwn(Map.of("allowed_ips", List.of("203.0.113.9")), "gateway");

        assertPasses(asGateway(here, "x-api-key", world.key(), "X-Forwarded-For", "198.51.100.1"), world.key());
        assertRefused(asGateway(elsewhere, "x-api-key", world.key()), 403);
        assertRefused(asGateway(elsewhere, "x-api-key", world.key(), "X-Forwarded-For", "203.0.113.9"), 403);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            203.0.113.9               | 200
            198.51.100.1, 203.0.113.9 | 200
            ::ffff:203.0.113.9        | 200
            203.0.113.9, 198.51.100.1 | 403
            203.0.113.9, 127.0.0.1    | 403
            203.0.113.9,              | 403
            203.0.113.9:443           | 200
            203.0.113.009             | 403
            unknown                   | 403
            """)
    void customersListIsHeldAgainstWhomTheProxyForwards(String chain, int status) {
        var answer = ask("x-api-key", world.mintFor("203.0.113.9"), "X-Forwarded-For", chain);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void listedKeyFromNobodyKnowsWhereIsForbiddenAndAnUnlistedOneIsNot() {
        assertRefused(ask("x-api-key", world.mintFor("127.0.0.0/8")), 403);
        assertPasses(ask("x-api-key", world.key(), "X-Forwarded-For", "nonsense"), world.key());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "BREW", "M-SEARCH"})
    void methodMakesNoDifference(String method) {
        for (var path : List.of("/authorize", "/authorize/organisations/x")) {
            assertPasses(
                    world.asProxy(method, path).header("x-api-key", world.key()).send(), world.key());
            assertRefused(world.asProxy(method, path).send(), 401);
            assertRefused(Http.request(method, path).send(), 403);
        }
    }

    @Test
    void headIsAnsweredAsGetIs() {
        var head = world.asProxy("HEAD", "/authorize")
                .header("x-api-key", world.key())
                .send();

        assertThat(head.status()).isEqualTo(200);
        assertThat(identity(head)).isEqualTo(identity(world.authorize(world.key())));
        assertThat(head.headers().map()).containsKeys("cache-control", "x-request-id");
        assertThat(world.asProxy("HEAD", "/authorize").send().status()).isEqualTo(401);
        assertThat(Http.request("HEAD", "/authorize").send().status()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/x?y=z&y=%00",
                "//x",
                "/x;y=z/",
                "/a%2Fb%2f..",
                "/.",
                "/x/..",
                "/..",
                "/../q/openapi",
                "/%2e%2E/q/openapi",
                "/x/../../q/swagger-ui/",
                "/../organisations",
                "/../api/public/v1.0/orgs",
                "/organisations",
                "/q/openapi",
                "/%E2%82%AC",
                "?x",
                "/{a}?q={b}",
                "/a|b?q=a|b",
                "/a^b?q=a^b",
                "/`?q=`",
                "/100%?q=100%",
                "/%zz?%",
                "/a\\b?q=\"<>#",
                "/\u00c3\u00ab?\u00ff",
                "?;",
                "//?//"
            })
    void pathBeneathMakesNoDifference(String path) throws IOException {
        for (var method : List.of("GET", "POST", "OPTIONS")) {
            var start = method + " /authorize" + path + " HTTP/1.1";
            var gateway = "x-gateway-key: " + world.gatewayKey();
            try (var wire = Wire.open()) {
                wire.head(start, "Host: edge", gateway, "x-api-key: " + world.key(), "Content-Length: 0");
                assertPasses(wire.read(), world.key());
                assertRefused(wire.head(start, "Host: edge", gateway).read(), 401);
                assertRefused(wire.head(start, "Host: edge").read(), 403);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/authorized", "/authorize%2F", "/authorize;x", "/authorizeorganisations", "/Authorize"})
    void pathBesideIsAnothers(String path) {
        var answer = world.asProxy("GET", path)
                .header("x-api-key", world.partner().key())
                .send();

        assertThat(PartnerClient.error(answer, 404).code()).isEqualTo("not_found");
    }

    @Test
    void nothingOfTheMessageIsRead() {
        var odd = world.asProxyWithBody("POST", "/authorize", 300_000)
                .header("x-api-key", world.key())
                .header("Accept", "image/png")
                .header("Content-Encoding", "br")
                .header("If-Match", "*");

        assertPasses(odd.send(), world.key());
        assertRefused(world.asProxyWithBody("PUT", "/authorize", 300_000).send(), 401);
    }

    @Test
    void connectionStaysUsableWhateverIsAnswered() throws IOException {
        var gateway = "x-gateway-key: " + world.gatewayKey();
        try (var wire = Wire.open()) {
            for (var key : List.of(KeySecret.mint().reveal(), world.key(), "nonsense", world.key())) {
                var status = key.equals(world.key()) ? 200 : 401;
                wire.head("POST /authorize HTTP/1.1", "Host: edge", gateway, "x-api-key: " + key, "Content-Length: 3")
                        .text("abc");
                assertThat(wire.read().status()).isEqualTo(status);
            }
        }
    }

    @Test
    void requestIdIsTheProxysWhenItIsWellFormed() {
        assertThat(ask("x-api-key", world.key(), "X-Request-Id", "of-the-proxy").header("X-Request-Id"))
                .isEqualTo("of-the-proxy");
        assertThat(ask("X-Request-Id", "no good").header("X-Request-Id")).matches("[A-Za-z0-9._-]{36}");
    }

    @Test
    void eachGoodAnswerCountsOneRequestAndOthersNone() {
        for (var method : List.of("GET", "HEAD", "POST", "OPTIONS")) {
            world.asProxy(method, "/authorize/x")
                    .header("x-api-key", world.key())
                    .send();
            world.asProxy(method, "/authorize/x")
                    .header("x-api-key", world.key() + "x")
                    .send();
            Http.request(method, "/authorize/x")
                    .header("x-api-key", world.key())
                    .send();
        }
        ask("x-api-key", world.mintFor("203.0.113.9"), "X-Forwarded-For", "198.51.100.1");

        assertThat(counted(world.customer().id())).isEqualTo(4);
    }

    @Test
    void keysOfTheLastSecondCostNoCommandAndAFreshOneTwo() {
        var fresh = world.mint("standard");
        world.authorize(world.key());

        assertThat(Commands.during(() -> world.authorize(fresh))).containsExactly("find", "find");
        assertThat(Commands.during(() -> world.authorize(fresh))).isEmpty();
        assertThat(Commands.during(() -> world.authorize(world.key()))).isEmpty();
    }

    @Test
    void malformedKeyCostsNothingAndAnUnknownOneOneCommandOnce() {
        var unknown = KeySecret.mint().reveal();
        world.authorize(world.key());

        assertThat(Commands.during(() -> world.authorize("osk_nonsense"))).isEmpty();
        assertThat(Commands.during(() -> ask())).isEmpty();
        assertThat(Commands.during(() -> asGateway("osk_nonsense", "x-api-key", world.key())))
                .isEmpty();
        assertThat(Commands.during(() -> world.authorize(unknown))).containsExactly("find");
        assertThat(Commands.during(() -> world.authorize(unknown))).isEmpty();
    }

    @Test
    void revokedKeyIsRefusedAtOnce() {
        var key = world.mint("standard");
        assertPasses(world.authorize(key), key);

        world.revoke(key);

        assertRefused(world.authorize(key), 401);
    }

    private static Arguments bad(String name, Function<EdgeWorld, String> key) {
        return Arguments.of(name, key);
    }

    private static Date aMinuteAgo() {
        return Date.from(Instant.now().minus(1, ChronoUnit.MINUTES));
    }

    private static String revoked(EdgeWorld world) {
        var key = world.mint("standard");
        world.revoke(key);
        return key;
    }

    private static String ofDeleted(EdgeWorld world) {
        var deleted = world.partner().create("Deleted");
        world.partner().delete(deleted.id());
        return deleted.apiKey();
    }

    private Answer ask(String... headers) {
        return asGateway(world.gatewayKey(), headers);
    }

    private static Answer asGateway(String gateway, String... headers) {
        var request = Http.request("GET", "/authorize").header("x-gateway-key", gateway);
        return request.headers(headers).send();
    }

    private void assertPasses(Answer answer, String key) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(identity(answer))
                .isEqualTo(Map.of(
                        "x-organisation-id", List.of(world.customer().id()),
                        "x-organisation-key",
                                List.of(world.customer().organisation().key()),
                        "x-api-key-id",
                                List.of(KeySecret.parse(key).orElseThrow().id().value())));
        assertBare(answer);
    }

    private static void assertRefused(Answer answer, int status) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(identity(answer)).isEmpty();
        assertBare(answer);
    }

    /** Without a body, and with what every answer has. */
    private static void assertBare(Answer answer) {
        assertThat(answer.body()).isEmpty();
        assertThat(answer.header("content-length")).isEqualTo("0");
        assertThat(answer.headers().allValues("cache-control")).containsExactly("no-store");
        assertThat(answer.headers().allValues("x-request-id")).hasSize(1);
        assertThat(answer.headers().map()).doesNotContainKey("content-type");
    }

    private static Map<String, List<String>> identity(Answer answer) {
        return Stream.of(IDENTITY_HEADERS)
                .filter(name -> answer.headers().firstValue(name).isPresent())
                .collect(Collectors.toMap(
                        Function.identity(), name -> answer.headers().allValues(name)));
    }

    private long counted(String organisation) {
        counter.flush().await().indefinitely();
        var month = YearMonth.now(ZoneOffset.UTC).toString();
        return world.partner()
                .usage(organisation, month)
                .at("/api_requests/total")
                .longValue();
    }
}
