package dev.offshoot.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.BehindProxies;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.Commands;
import dev.offshoot.testing.DigestClient;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Stored;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A flood of keys that nobody has, from one address, costs the others nothing. */
@Tag("any-database")
@QuarkusTest
@QuarkusTestResource(value = UnknownKeyFloodTest.SmallBudgets.class, restrictToAnnotatedClass = true)
class UnknownKeyFloodTest {
    private static final int PER_SECOND = 1;
    private static final int BURST = 100;
    private static final int AT_ONCE = 50;
    private static final String ORGS = "/api/public/v1.0/orgs";

    private static final AtomicInteger LAST_ADDRESS = new AtomicInteger();

    private final PartnerClient partner = PartnerClient.newPartner();
    private final String attacker = newAddress();

    public static class SmallBudgets extends BehindProxies {
        @Override
        public Map<String, String> start() {
            var settings = new HashMap<>(super.start());
            settings.put("offshoot.keys.max-unknown-per-second", String.valueOf(100 * PER_SECOND));
            settings.put("offshoot.keys.max-unknown-per-second-and-network", String.valueOf(PER_SECOND));
            settings.put("offshoot.keys.max-unknown-per-second-and-gateway", String.valueOf(PER_SECOND));
            settings.put("offshoot.keys.unknown-burst", String.valueOf(BURST));
            return settings;
        }
    }

    private enum Credential {
        KEY(key -> Map.entry("x-api-key", key)),
        BEARER(key -> Map.entry("Authorization", "Bearer " + key));

        private final Function<String, Map.Entry<String, String>> header;

        Credential(Function<String, Map.Entry<String, String>> header) {
            this.header = header;
        }

        Answer send(String key, String from) {
            var path =
                    switch (this) {
                        case KEY -> "/organisations";
                        case BEARER -> "/api/v1/organisations";
                    };
            var sent = header.apply(key);
            return Http.request("GET", path)
                    .header(sent.getKey(), sent.getValue())
                    .header("X-Forwarded-For", from)
                    .send();
        }
    }

    @ParameterizedTest
    @EnumSource
    void floodIsRefusedAndKeysFromElsewhereAreFound(Credential credential) {
        var customer = partner.create("Customer");
        var gateway = PartnerClient.with(partner.mint("/api-keys", "gateway").secret());
        var key = partner.mint("/api-keys", "partner").secret();
        var started = System.nanoTime();

        var commands = Commands.during(() -> {
            var answers =
                    atOnce(4 * BURST, i -> credential.send(KeySecret.mint().reveal(), attacker));
            assertThat(answers).extracting(Answer::status).containsOnly(401, 503);
            assertThat(answers)
                    .filteredOn(answer -> answer.status() == 503)
                    .isNotEmpty()
                    .allMatch(answer -> answer.header("Retry-After").equals("1"));
        });

        var seconds = Duration.ofNanos(System.nanoTime() - started).toSeconds() + 1;
        assertThat(commands).hasSizeBetween(BURST, (int) (BURST + seconds * PER_SECOND));
        assertThat(credential.send(key, newAddress()).status()).isEqualTo(200);
        assertThat(gateway.verify(customer.apiKey()).valid()).isTrue();
        assertThat(authorize(gateway, partner.create("Another").apiKey()).status())
                .isEqualTo(200);
        // What was found before is found from there too.
        assertThat(credential.send(key, attacker).status()).isEqualTo(200);
    }

    @Test
    void idsOfDigestCountToo() {
        var nonce = DigestClient.with(KeySecret.mint().reveal()).nonce();

        var statuses = atOnce(2 * BURST, i -> digest(KeySecret.mint().reveal(), nonce, attacker)
                .status());

        assertThat(statuses).containsOnly(401, 503);
        assertThat(atOnce(AT_ONCE, i -> Credential.KEY
                        .send(KeySecret.mint().reveal(), attacker)
                        .status()))
                .contains(503);
        assertThat(digest(partner.key(), nonce, newAddress()).status()).isEqualTo(200);
    }

    @Test
    void wrongSecretsOfKeysThatExistCountToo() {
        var own = Objects.requireNonNull(partner.key());
        var wrong = IntStream.range(0, BURST + 20)
                .mapToObj(i -> Stored.keyWithWrongSecret(own))
                .toList();

        var statuses = atOnce(
                wrong.size(), i -> Credential.KEY.send(wrong.get(i), attacker).status());

        assertThat(statuses).containsOnly(401, 503).contains(503);
    }

    /** A gateway is charged itself, and not its address: the others behind that address go on, and other gateways too. */
    @Test
    void gatewayIsChargedForWhatItAsks() {
        var gateway = PartnerClient.with(partner.mint("/api-keys", "gateway").secret());
        var other = PartnerClient.with(partner.mint("/api-keys", "gateway").secret());
        assertThat(authorize(other, KeySecret.mint().reveal()).status()).isEqualTo(401);

        var statuses = atOnce(
                2 * BURST, i -> authorize(gateway, KeySecret.mint().reveal()).status());

        assertThat(statuses).containsOnly(401, 503).contains(503);
        assertThat(authorize(other, partner.create("New").apiKey()).status()).isEqualTo(200);
        assertThat(PartnerClient.with(partner.mint("/api-keys", "partner").secret())
                        .send("GET", "/organisations")
                        .status())
                .isEqualTo(200);
    }

    /** As after a restart, of which a proxy's address or one gateway may bring all of them. */
    @Test
    void anyNumberOfDistinctKeysThatExistIsFoundAtOnce() {
        var gateway = PartnerClient.with(partner.mint("/api-keys", "gateway").secret());
        var own = Objects.requireNonNull(partner.key());
        var good = IntStream.range(0, 10 * BURST)
                .mapToObj(i -> Stored.otherKey(own, Map.of()))
                .toList();
        var half = good.size() / 2;

        assertThat(atOnce(half, i -> Credential.KEY.send(good.get(i), attacker).status()))
                .containsOnly(200);
        assertThat(atOnce(half, i -> authorize(gateway, good.get(half + i)).status()))
                .containsOnly(200);
    }

    /** Their time would tell them apart. */
    @Test
    void keyThatExistsCostsTheCommandsOfOneThatDoesNot() {
        var exists = partner.mint("/api-keys", "partner").secret();
        var unknown = KeySecret.mint().reveal();
        var nonce = DigestClient.with(unknown).nonce();

        for (var id : List.of(exists, unknown)) {
            assertThat(Commands.during(() -> {
                        for (var i = 0; i < 3; i++) {
                            var wrong = SharedLookUpsTest.withAnotherSecret(id);
                            assertThat(Credential.KEY.send(wrong, newAddress()).status())
                                    .isEqualTo(401);
                            assertThat(digest(wrong, nonce, newAddress()).status())
                                    .isEqualTo(401);
                        }
                    }))
                    .as("%s", id.equals(exists))
                    .containsExactly("find");
        }
    }

    @Test
    void malformedIdOfDigestCostsNoCommand() {
        var client = DigestClient.with(KeySecret.mint().reveal());
        var nonce = client.nonce();
        var malformed = new DigestClient(client.base(), "x".repeat(3000), client.password(), client.realm());

        assertThat(Commands.during(() -> assertThat(DigestClient.challenge(malformed.send(
                                        "GET", ORGS, malformed.credentials("GET", ORGS, nonce, "00000001")))
                                .stale())
                        .isFalse()))
                .isEmpty();
        assertThat(CloudManagerClient.of(partner).orgs("").results()).isNotEmpty();
    }

    private static Answer authorize(PartnerClient gateway, String key) {
        return Http.request("GET", "/authorize")
                .header("x-gateway-key", Objects.requireNonNull(gateway.key()))
                .header("x-api-key", key)
                .send();
    }

    private static Answer digest(String key, String nonce, String from) {
        var client = DigestClient.with(key);
        return Http.request("GET", ORGS)
                .header("Authorization", client.credentials("GET", ORGS, nonce, "00000001"))
                .header("X-Forwarded-For", from)
                .send();
    }

    private static <T> List<T> atOnce(int calls, Function<Integer, T> call) {
        var threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            return IntStream.range(0, calls)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> call.apply(i), threads))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
        } finally {
            threads.shutdown();
        }
    }

    private static String newAddress() {
        return "198.51.100." + LAST_ADDRESS.incrementAndGet();
    }
}
