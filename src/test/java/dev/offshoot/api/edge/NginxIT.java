package dev.offshoot.api.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.offshoot.api.edge.Product.Seen;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.Request;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.testing.Wire;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real nginx, set up as {@code src/docs/edge.md} says, between clients and a product, with the packaged service to ask.
 * It is skipped and named where {@code src/test/clients/install.sh} could not get one.
 */
@EnabledIf(value = "dev.offshoot.testing.Cases#all", disabledReason = "says nothing of a JDK or a database")
class NginxIT {
    private static final List<String> IDENTITY_HEADERS =
            List.of("x-organisation-id", "x-organisation-key", "x-api-key-id");
    private static final int LARGE = 5 * 1024 * 1024;

    @TempDir
    static Path folder;

    private static ServiceProcess service;
    private static Product product;
    private static PartnerClient vendor;
    private static String gatewayKey;
    private static NginxProcess nginx;

    private final Created customer = vendor.create("Customer");
    private final EdgeWorld world = new EdgeWorld(vendor, gatewayKey, customer);

    @BeforeAll
    static void start() {
        if (!NginxProcess.isInstalled()) {
            var reason = "The edge was not tried with nginx: it is not installed here (src/test/clients/install.sh).";
            System.out.println(reason);
            Assumptions.abort(reason);
        }
        service = ServiceProcess.startReplica(folder, TestDatabase.uri());
        product = Product.start();
        vendor = service.client(
                service.client(Installation.rootKey()).createPartner("Vendor").partnerKey());
        gatewayKey = mintAsThePageSays();
        nginx = NginxProcess.start(folder, service.base(), product.base(), gatewayKey);
    }

    @AfterAll
    static void stop() {
        if (nginx != null) {
            nginx.close();
            product.close();
            service.close();
            assertThat(service.trouble()).isEmpty();
        }
    }

    @Test
    void goodKeyPassesAndIdentifiesItsOrganisationToTheProduct() {
        for (var spelling : List.of("x-api-key: " + world.key(), "Authorization: Bearer " + world.key())) {
            assertIdentified(passes("GET /v1/things?limit=1 HTTP/1.1", spelling), world.key());
        }
    }

    static Stream<Arguments> badKeys() {
        return Stream.of(
                bad("empty", world -> ""),
                bad("malformed", world -> "osk_nonsense"),
                bad("unknown", world -> KeySecret.mint().reveal()),
                bad("with another secret", world -> Stored.keyWithWrongSecret(world.key())),
                bad("expired", world -> Stored.otherKey(world.key(), Map.of("expires_at", aMinuteAgo()))),
                bad("revoked", world -> {
                    var key = world.mint("standard");
                    world.revoke(key);
                    return key;
                }),
                bad("of a deleted organisation", world -> {
                    var deleted = world.partner().create("Deleted");
                    world.partner().delete(deleted.id());
                    return deleted.apiKey();
                }),
                bad(
                        "of another vendor's customer",
                        world -> otherVendor().create("Customer").apiKey()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badKeys")
    void badKeyDoesNotPass(String name, Function<EdgeWorld, String> key) {
        var bad = key.apply(world);

        assertStopped(401, "GET / HTTP/1.1", "x-api-key: " + bad);
        assertStopped(401, "GET / HTTP/1.1", "Authorization: Bearer " + bad);
        assertStopped(401, "GET / HTTP/1.1", "x-api-key: " + bad, "Authorization: Bearer " + world.key() + "x");
    }

    @Test
    void noKeyTwoKeysAndForgedAnswersDoNotPass() {
        assertStopped(401, "GET / HTTP/1.1");
        assertStopped(401, "GET / HTTP/1.1", "x-api-key: " + world.key(), "x-api-key: " + world.key());
        assertStopped(401, "GET / HTTP/1.1", "x-organisation-id: " + customer.id(), "x-gateway-key: " + gatewayKey);
        assertStopped(401, "GET / HTTP/1.1", "x_api_key: " + world.key());
    }

    @Test
    void keyPassesFromTheAddressesOfItsListOnly() {
        var key = "x-api-key: " + world.mintFor("127.0.0.2");

        assertThat(sent("127.0.0.2", "GET / HTTP/1.1", key).status()).isEqualTo(200);
        assertStopped(403, "GET / HTTP/1.1", key);
        assertStopped(403, "GET / HTTP/1.1", key, "X-Forwarded-For: 127.0.0.2");
        assertStopped(403, "GET / HTTP/1.1", key, "X-Forwarded-For: 127.0.0.2", "X-Real-IP: 127.0.0.2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Organisation-Id: forged",
                "x-organisation-id: forged",
                "X-ORGANISATION-KEY: forged",
                "X-Api-Key-Id: forged",
                "X_Organisation_Id: forged",
                "x-organisation_key: forged",
                "X_API_KEY_ID: forged",
                "X-Organisation.Id: forged",
                "X-Organisation-Id:forged\r\nX-Organisation-Id: forged",
                "X-Organisation-Id:\r\nX-Organisation-Key:\r\nX-Api-Key-Id:",
                "Connection: close, X-Organisation-Id, X-Organisation-Key, X-Api-Key-Id",
                "Connection: X-Gateway-Key, X-Api-Key",
                "X-Gateway-Key: forged\r\nx-gateway-key: forged\r\nX_Gateway_Key: forged"
            })
    void forgedHeaderDoesNotArrive(String forged) {
        assertIdentified(passes("GET / HTTP/1.1", "x-api-key: " + world.key(), forged), world.key());
        assertIdentified(passes("GET / HTTP/1.1", forged, "x-api-key: " + world.key()), world.key());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"X-Organisation-Id : forged", "X-Trick: a\r\n X-Organisation-Id: forged", "X-Organisation-Id"})
    void malformedHeaderForgesNothing(String forged) {
        var seen = product.during(() -> sent("127.0.0.1", "GET / HTTP/1.1", "x-api-key: " + world.key(), forged));

        assertThat(seen).hasSizeLessThan(2).allSatisfy(request -> assertIdentified(request, world.key()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/a%20b/%E2%82%AC",
                "/a//b",
                "/a;b=c/",
                "/a/%2F/%2e%2e/b",
                "/a/./b/../c",
                "/?q=1&q=%26%3D%00&x-api-key=osk_nonsense",
                "/authorize",
                "/@no_answer",
                "/_offshoot/x",
                "/~'()*!$,:@+"
            })
    void anyPathArrivesAsItWasSentWithAKeyAndNotWithout(String path) {
        var seen = passes("GET " + path + " HTTP/1.1", "x-api-key: " + world.key());

        assertThat(seen.target()).isEqualTo(path);
        assertIdentified(seen, world.key());
        assertStopped(401, "GET " + path + " HTTP/1.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/_offshoot", "/%5Foffshoot", "//_offshoot", "/x/../_offshoot", "/_offshoot?x"})
    void questionItselfIsNobodysToAsk(String path) {
        assertStopped(404, "GET " + path + " HTTP/1.1", "x-api-key: " + world.key());
        assertStopped(404, "GET " + path + " HTTP/1.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"})
    void anyMethodPassesWithAKeyAndNotWithout(String method) {
        var seen = product.during(
                () -> assertThat(request(method, world.key()).send().status()).isEqualTo(200));

        assertThat(seen).hasSize(1).allSatisfy(request -> assertThat(request.method())
                .isEqualTo(method));
        assertIdentified(seen.get(0), world.key());
        assertThat(product.during(
                        () -> assertThat(request(method, null).send().status()).isEqualTo(401)))
                .isEmpty();
    }

    @Test
    void bodyArrivesWhole() {
        var large = new byte[LARGE];
        new Random(1).nextBytes(large);
        var bodies = List.<UnaryOperator<Request>>of(
                request -> request.body(large),
                request -> request.chunkedBody(large),
                request -> request.body(Arrays.copyOf(large, 100_000)));

        for (var body : bodies) {
            var seen = product.during(() -> assertThat(
                            body.apply(request("POST", world.key())).send().status())
                    .isEqualTo(200));

            assertThat(seen).hasSize(1);
            assertThat(Buffer.buffer(large).slice(0, seen.get(0).body().length()))
                    .isEqualTo(seen.get(0).body());
            assertThat(product.during(() -> assertThat(
                                    body.apply(request("POST", null)).send().status())
                            .isEqualTo(401)))
                    .isEmpty();
        }
    }

    @Test
    void connectionServesGoodAndBadOneAfterTheOther() throws IOException {
        var seen = new ArrayList<Seen>();
        try (var wire = Wire.open(nginx.base(), "127.0.0.1")) {
            for (var i = 0; i < 20; i++) {
                var good = i % 3 == 0;
                var key = "x-api-key: " + (good ? world.key() : KeySecret.mint().reveal());
                seen.addAll(product.during(() -> {
                    var answer = exchange(wire, "POST /x HTTP/1.1", "Host: product", key, "Content-Length: 0");
                    assertThat(answer.status()).isEqualTo(good ? 200 : 401);
                }));
            }
        }
        assertThat(seen).hasSize(7).allSatisfy(request -> assertIdentified(request, world.key()));
    }

    @Test
    void moreHeadersThanTheServiceReadsDoNotPass() {
        var pad = "x".repeat(7_000);
        var key = "x-api-key: " + world.key();

        assertStopped(503, "GET / HTTP/1.1", key, "A: " + pad, "B: " + pad, "C: " + pad);
        passes("GET / HTTP/1.1", key, "Cookie: a=" + pad, "Cookie: b=" + pad, "Cookie: c=" + pad);
    }

    @Test
    void eachRequestThatPassesIsCountedOnce() {
        for (var i = 0; i < 5; i++) {
            request("GET", world.key()).send();
            request("POST", world.key()).body("body").send();
            request("GET", world.key() + "x").send();
            request("GET", null).send();
        }

        awaitCounts();
        assertThat(counted(customer)).isEqualTo(10);
    }

    @Test
    void wrongGatewayKeyLetsNobodyPass() {
        assertThroughOther(gatewayKey + "x", 403);
        assertThroughOther(KeySecret.mint().reveal(), 403);
        assertThroughOther(world.key(), 403);
        assertThroughOther(world.mint("org_owner"), 403);
        assertThroughOther(Objects.requireNonNull(otherVendor().key()), 401);
    }

    @Test
    void serviceThatEndsLetsNobodyPass() {
        try (var doomed = ServiceProcess.startReplica(folder, TestDatabase.uri());
                var other = NginxProcess.start(folder, doomed.base(), product.base(), gatewayKey)) {
            assertThat(through(other).status()).isEqualTo(200);

            doomed.kill();

            assertNobodyPasses(other, 503);
        }
    }

    @Test
    void serviceThatHangsLetsNobodyPass() throws IOException {
        try (var hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var other = NginxProcess.start(
                        folder, "http://127.0.0.1:" + hanging.getLocalPort(), product.base(), gatewayKey)) {
            var began = Instant.now();

            assertNobodyPasses(other, 503);

            assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(10));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 404, 405, 413, 500, 502, 503})
    void answerThatIsNeitherYesNorNoLetsNobodyPass(int status) {
        try (var foreign = Product.answering(status);
                var other = NginxProcess.start(folder, foreign.base(), product.base(), gatewayKey)) {
            assertNobodyPasses(other, 503);
        }
    }

    /** By a debt, so that no time passes enough to change it. */
    @Test
    void keyOverItsRateLimitDoesNotPassAndIsToldWhenItDoes() {
        vendor.setLimits(customer.id(), 1, 2);
        var passed = sent("127.0.0.1", "GET / HTTP/1.1", "x-api-key: " + world.key(), "RateLimit: forged");
        assertThat(passed.status()).isEqualTo(200);
        assertThat(passed.headers().allValues("RateLimit")).containsExactly("\"key\";r=1;t=1");
        assertThat(passed.headers().allValues("RateLimit-Policy")).containsExactly("\"key\";q=2;w=2");
        await().atMost(Duration.ofSeconds(10)).until(() -> vendor.verify(Map.of("api_key", world.key(), "count", 5000))
                .valid());

        var seen = product.during(() -> {
            var refused = sent("127.0.0.1", "POST / HTTP/1.1", "x-api-key: " + world.key(), "Content-Length: 0");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(4000, 5000);
            assertThat(refused.header("RateLimit")).startsWith("\"key\";r=0;t=");
        });
        assertThat(seen).isEmpty();
        vendor.removeLimits(customer.id());
        var free = sent("127.0.0.1", "GET / HTTP/1.1", "x-api-key: " + world.key());
        assertThat(free.status()).isEqualTo(200);
        assertThat(free.header("RateLimit")).isEmpty();
        assertThat(free.header("Retry-After")).isEmpty();
    }

    @Test
    void rateLimitOfTheGatewayItselfLetsNobodyPass() {
        try (var foreign = Product.answering(429);
                var other = NginxProcess.start(folder, foreign.base(), product.base(), gatewayKey)) {
            assertNobodyPasses(other, 429);
        }
    }

    @Test
    void yesFromAnotherServerForgesNothing() {
        try (var foreign = Product.start();
                var other = NginxProcess.start(folder, foreign.base(), product.base(), gatewayKey)) {
            var seen = product.during(() -> through(other, "x-organisation-id", "forged", "x-api-key-id", "forged"));

            assertThat(seen).hasSize(1);
            assertThat(seen.get(0).headers()).doesNotContainKeys(IDENTITY_HEADERS.toArray(String[]::new));
        }
    }

    @Test
    void serviceGetsTheKeysAndNeitherCookiesNorForgedHeaders() {
        try (var foreign = Product.start();
                var other = NginxProcess.start(folder, foreign.base(), product.base(), gatewayKey)) {
            var asked = foreign.during(
                    () -> through(other, "cookie", "a=b", "x-gateway-key", "forged", "x-forwarded-for", "203.0.113.9"));

            assertThat(asked).hasSize(1);
            assertThat(asked.get(0).target()).isEqualTo("/authorize");
            assertThat(asked.get(0).header("x-gateway-key")).containsExactly(gatewayKey);
            assertThat(asked.get(0).header("x-api-key")).containsExactly(world.key());
            assertThat(asked.get(0).header("x-forwarded-for")).containsExactly("127.0.0.1");
            assertThat(asked.get(0).headers()).doesNotContainKey("cookie");
        }
    }

    private static Arguments bad(String name, Function<EdgeWorld, String> key) {
        return Arguments.of(name, key);
    }

    private static Date aMinuteAgo() {
        return Date.from(Instant.now().minus(Duration.ofMinutes(1)));
    }

    private static PartnerClient otherVendor() {
        return service.client(
                service.client(Installation.rootKey()).createPartner("Other").partnerKey());
    }

    /** The gateway key, by the command that the page prints; its answer has to be the printed one's like. */
    private static String mintAsThePageSays() {
        var command = EdgeDocument.fillIn(EdgeDocument.block("sh"), "http://localhost:8080", service.base());
        var builder = new ProcessBuilder("bash", "-euc", command);
        builder.environment().put("OFFSHOOT_KEY", Objects.requireNonNull(vendor.key()));
        try {
            var curl = builder.start();
            var answer = Http.json(new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            assertThat(withoutWhatDiffers(answer)).isEqualTo(withoutWhatDiffers(Http.json(EdgeDocument.block("json"))));
            return answer.at("/data/api_key/api_key").textValue();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Without what differs from one minting to the next. */
    private static JsonNode withoutWhatDiffers(JsonNode minted) {
        var withoutWhatDiffers = minted.deepCopy();
        ((ObjectNode) withoutWhatDiffers.at("/data/api_key"))
                .put("key_id", "")
                .put("hint", "")
                .put("created_at", "")
                .put("api_key", "");
        return withoutWhatDiffers;
    }

    /** The request as it arrived at the product, which has to be one and to be answered. */
    private static Seen passes(String start, String... headers) {
        var seen = product.during(
                () -> assertThat(sent("127.0.0.1", start, headers).status()).isEqualTo(200));
        assertThat(seen).hasSize(1);
        return seen.get(0);
    }

    private static void assertStopped(int status, String start, String... headers) {
        var seen = product.during(
                () -> assertThat(sent("127.0.0.1", start, headers).status()).isEqualTo(status));
        assertThat(seen).isEmpty();
    }

    private void assertIdentified(Seen seen, String key) {
        assertThat(seen.header("x-organisation-id")).containsExactly(customer.id());
        assertThat(seen.header("x-organisation-key"))
                .containsExactly(customer.organisation().key());
        assertThat(seen.header("x-api-key-id"))
                .containsExactly(KeySecret.parse(key).orElseThrow().id().value());
        assertThat(seen.headers()).doesNotContainKey("x-gateway-key");
        assertThat(seen.headers().values().stream().flatMap(List::stream)).doesNotContain("forged", gatewayKey);
    }

    private static Answer sent(String from, String start, String... headers) {
        try (var wire = Wire.open(nginx.base(), from)) {
            return exchange(
                    wire,
                    Stream.of(Stream.of(start, "Host: product"), Stream.of(headers))
                            .flatMap(lines -> lines)
                            .toArray(String[]::new));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Answer exchange(Wire wire, String... head) {
        try {
            return wire.head(head).read();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Request request(String method, String key) {
        var request = Http.request(nginx.base(), method, "/x");
        return key == null ? request : request.header("x-api-key", key);
    }

    private Answer through(NginxProcess other, String... headers) {
        return Http.request(other.base(), "GET", "/x")
                .header("x-api-key", world.key())
                .headers(headers)
                .send();
    }

    private void assertThroughOther(String otherGatewayKey, int status) {
        try (var other = NginxProcess.start(folder, service.base(), product.base(), otherGatewayKey)) {
            assertNobodyPasses(other, status);
        }
    }

    private void assertNobodyPasses(NginxProcess other, int status) {
        var seen = product.during(() -> {
            for (var i = 0; i < 2; i++) {
                assertThat(through(other).status()).isEqualTo(status);
            }
        });
        assertThat(seen).isEmpty();
    }

    /** Waits until all that was counted so far is written: it is before what is counted after it. */
    private static void awaitCounts() {
        var marker = vendor.create("Marker");
        for (var i = 1; i <= 2; i++) {
            request("GET", marker.apiKey()).send();
            var expected = (long) i;
            await().atMost(Duration.ofSeconds(20)).until(() -> counted(marker) == expected);
        }
    }

    private static long counted(Created organisation) {
        return vendor.usage(organisation.id(), YearMonth.now(ZoneOffset.UTC).toString())
                .at("/api_requests/total")
                .longValue();
    }
}
