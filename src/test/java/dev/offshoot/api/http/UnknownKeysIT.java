package dev.offshoot.api.http;

import static dev.offshoot.testing.attack.AttackedService.ATTACKERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.Cases;
import dev.offshoot.testing.Container;
import dev.offshoot.testing.DigestClient;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.ManyOrganisations;
import dev.offshoot.testing.Metrics;
import dev.offshoot.testing.Packaged;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.testing.attack.AskingConnection;
import dev.offshoot.testing.attack.AttackedService;
import dev.offshoot.testing.attack.Attackers;
import dev.offshoot.testing.attack.FloodingConnection;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who tries keys that nobody has does not keep the packaged service from looking up the keys of others. */
@EnabledIf(value = "isJar", disabledReason = "says nothing of a native image")
class UnknownKeysIT {
    private static final int CONNECTIONS = 100;
    private static final int KEYS_PER_SECOND = 10_000;
    /** Made before the attack, for making one costs as much as a refusal. */
    private static final int KEYS = 50_000;
    /** Until then half of the process's time goes to its compilers. */
    private static final int WARM_UP = 15_000;
    /** What a machine that is shared with attacker and database manages at the least. */
    private static final int LEAST_TRIED_PER_SECOND = 2_000;

    /** The default of the setting that bounds look-ups in vain. */
    private static final int LOOK_UPS_PER_SECOND = 1_000;

    /** The embedded database looks through all there are for what is written behind such calls. */
    private static final int VALID = TestDatabase.hasIndexes() ? 5_000 : 1_000;

    /** So few that the valid keys would not pass if they counted among the unknown ones. */
    private static final Map<String, String> SMALL_BUDGET = Map.of("offshoot.keys.max-unknown-per-second", "50");

    @TempDir
    Path folder;

    private final ConcurrentHashMap<Integer, LongAdder> answers = new ConcurrentHashMap<>();
    private AttackedService attacked;
    private String gateway;

    /** How a key is presented. */
    enum Scheme {
        X_API_KEY("/organisations") {
            @Override
            Supplier<String> credentials(String base) {
                return () -> KeySecret.mint().reveal();
            }
        },
        BEARER("/api/v1/organisations") {
            @Override
            Supplier<String> credentials(String base) {
                return () -> "Bearer " + KeySecret.mint().reveal();
            }
        },
        /** With a nonce of the service's own, so that it has to look further. */
        DIGEST("/api/public/v1.0/orgs") {
            @Override
            Supplier<String> credentials(String base) {
                var nonce = DigestClient.with(base, KeySecret.mint().reveal()).nonce();
                var count = new AtomicInteger();
                return () -> DigestClient.with(base, KeySecret.mint().reveal())
                        .credentials("GET", path, nonce, "%08x".formatted(count.incrementAndGet()));
            }
        };

        final String path;

        Scheme(String path) {
            this.path = path;
        }

        abstract Supplier<String> credentials(String base);

        String field() {
            return this == X_API_KEY ? "x-api-key" : "Authorization";
        }
    }

    static boolean isJar() {
        return Packaged.hasEmbeddedStore();
    }

    static boolean isFirstRun() {
        return Cases.all();
    }

    static boolean isFirstRunOrHasIndexes() {
        return Cases.all() || TestDatabase.hasIndexes();
    }

    @BeforeEach
    void start() throws IOException {
        attacked = AttackedService.start(folder, Container.ofTheManifests());
        gateway = Objects.requireNonNull(root().mint("/api-keys", "gateway").secret());
    }

    @AfterEach
    void stop() throws IOException {
        attacked.close();
        TestDatabase.clear();
    }

    @ParameterizedTest
    @EnabledIf(value = "isFirstRun", disabledReason = "says nothing of a JDK or a database")
    @EnumSource
    void newCustomersAreServedWhileUnknownKeysAreTried(Scheme scheme) throws Exception {
        assertThat(verified(Installation.rootKey())).as("the gateway is known").isEqualTo(200);
        var requests = requests(scheme);
        var next = new AtomicInteger();
        try (var attackers = Attackers.whoRead(ATTACKERS)) {
            attackers.connect(
                    attacked.process().base(),
                    CONNECTIONS,
                    () -> new FloodingConnection(
                            () -> requests.get(next.getAndIncrement() % KEYS), KEYS_PER_SECOND / CONNECTIONS, answers));
            await().atMost(Duration.ofMinutes(1)).until(() -> answered() > WARM_UP);
            var began = System.nanoTime();
            var lookUpsBefore = lookUps();
            var answeredBefore = answered();

            attacked.assertOthersAreServed(number -> () -> firstCall(number));

            var seconds = (System.nanoTime() - began) / 1e9;
            var perSecond = Math.round((answered() - answeredBefore) / seconds);
            System.out.println("Unknown keys tried a second, by " + scheme + ": " + perSecond);
            assertThat(perSecond).as("%s", answers).isGreaterThan(LEAST_TRIED_PER_SECOND);
            assertThat(lookUps() - lookUpsBefore)
                    .as("look-ups")
                    .isLessThan(Math.round(LOOK_UPS_PER_SECOND * Math.ceil(seconds)));
        }
        assertThat(answers).as("what unknown keys get").doesNotContainKeys(200, 500);
    }

    /** Half of them are the callers', half are what a gateway asks about; from sixteen addresses, as fast as it goes. */
    @Test
    @EnabledIf(value = "isFirstRunOrHasIndexes", disabledReason = "says nothing of a JDK")
    void validKeysAreServedFromTheFirstSecondOn() throws Exception {
        var original = root().createPartner("Original");
        var copies = ManyOrganisations.copyWithKeys(original, VALID);
        attacked.close();
        attacked = AttackedService.start(folder, Container.ofTheManifests(), SMALL_BUDGET);
        var requests = new ConcurrentLinkedQueue<FullHttpRequest>();
        for (var i = 0; i < copies.size(); i += 2) {
            requests.add(getOwn(copies.get(i)));
            requests.add(verify(copies.get(i + 1).key()));
        }
        var callers = IntStream.range(0, 16)
                .mapToObj(number -> new Attackers("127.0.1." + (number + 1)))
                .toList();

        callers.forEach(caller -> caller.connect(
                attacked.process().base(), 4, () -> AskingConnection.closedLoop(requests::poll, answers)));
        await().atMost(Duration.ofMinutes(1)).until(() -> answered() >= VALID);

        assertThat(answers).as("of %s valid keys; %s", VALID, unavailable()).containsOnlyKeys(200);
        callers.forEach(Attackers::close);
    }

    /** A creation, and the first call with the key that it gave. */
    private int firstCall(int number) throws IOException {
        var created = attacked.send(
                "POST", "/organisations", Map.of("x-api-key", Installation.rootKey()), partner("New " + number));
        if (created.status() != 200) {
            return created.status();
        }
        var organisation = Http.json(created.body()).at("/data/organisation");
        var key = organisation.get("organisation_api_key").asText();
        return switch (number % 3) {
            case 0 ->
                attacked.send(
                                "GET",
                                "/organisations",
                                Map.of(
                                        "x-api-key",
                                        organisation.get("partner_api_key").asText()),
                                null)
                        .status();
            case 1 -> verified(key);
            default ->
                attacked.send("GET", "/authorize", Map.of("x-gateway-key", gateway, "x-api-key", key), null)
                        .status();
        };
    }

    /** The status of a verification, which is 200 whatever it says. */
    private int verified(String key) throws IOException {
        var asked = attacked.send("POST", "/api-keys/verify", Map.of("x-api-key", gateway), Map.of("api_key", key));
        if (asked.status() == 200) {
            assertThat(Http.json(asked.body()).at("/data/verification/code").asText())
                    .isEqualTo("valid");
        }
        return asked.status();
    }

    private long answered() {
        return answers.values().stream().mapToLong(LongAdder::sum).sum();
    }

    private long lookUps() {
        return Math.round(Metrics.scrape(attacked.process().management())
                .value("offshoot_database_commands_seconds_count", "collection", "api_keys", "command", "find"));
    }

    /** Why any were answered 503. */
    private List<Metrics.Sample> unavailable() {
        return Metrics.scrape(attacked.process().management()).matching("offshoot_http_unavailable_total");
    }

    private PartnerClient root() {
        return attacked.process().client(Installation.rootKey());
    }

    private FullHttpRequest verify(String key) {
        var body = Http.text(Map.of("api_key", key)).getBytes(StandardCharsets.UTF_8);
        var request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.POST, "/api-keys/verify", Unpooled.wrappedBuffer(body));
        request.headers()
                .add("Host", "localhost")
                .add("x-api-key", gateway)
                .add("Content-Type", "application/json")
                .add("Content-Length", body.length);
        return request;
    }

    private List<byte[]> requests(Scheme scheme) {
        var credentials = scheme.credentials(attacked.process().base());
        return IntStream.range(0, KEYS)
                .mapToObj(each -> "GET %s HTTP/1.1\r\nHost: localhost\r\n%s: %s\r\n\r\n"
                        .formatted(scheme.path, scheme.field(), credentials.get()))
                .map(request -> request.getBytes(StandardCharsets.US_ASCII))
                .toList();
    }

    private static FullHttpRequest getOwn(ManyOrganisations.Copy caller) {
        return get(Scheme.BEARER.path + "/" + caller.id(), "Authorization", "Bearer " + caller.key());
    }

    private static FullHttpRequest get(String path, String field, String value) {
        var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
        request.headers().add("Host", "localhost").add(field, value);
        return request;
    }

    private static Map<String, Object> partner(String name) {
        var body = PartnerClient.body(name);
        body.put("is_partner", true);
        return body;
    }
}
