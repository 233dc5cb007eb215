package dev.offshoot.api.http;

import static dev.offshoot.api.http.AttackIT.Credential.CUSTOMER;
import static dev.offshoot.testing.attack.AttackedService.ATTACKERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.Cases;
import dev.offshoot.testing.Container;
import dev.offshoot.testing.ManyOrganisations;
import dev.offshoot.testing.Packaged;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.testing.attack.AskingConnection;
import dev.offshoot.testing.attack.AttackedService;
import dev.offshoot.testing.attack.Attackers;
import dev.offshoot.testing.attack.HeldConnection;
import dev.offshoot.testing.attack.Http2Connection;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one address or one customer does to the packaged service is not felt by others. */
@EnabledIf(
        value = "isWorthwhile",
        disabledReason = "says nothing of a JDK, a database or a native image, or may not open 4,000 connections")
class AttackIT {
    private static final int UNREAD = 3_000;
    private static final int HELD = 350;
    private static final int DRIPPING = 1_300;
    private static final int LONGEST_BODY = 1 << 20;
    private static final int DESCRIPTORS = 1_500;

    @TempDir
    Path folder;

    private final Attackers attackers = new Attackers(ATTACKERS);
    private AttackedService attacked;

    /** Whom the service takes the attacker for. */
    enum Credential {
        CUSTOMER {
            @Override
            Optional<String> key(Created attacker) {
                return Optional.of(attacker.apiKey());
            }
        },
        UNKNOWN {
            @Override
            Optional<String> key(Created attacker) {
                return Optional.of(KeySecret.mint().reveal());
            }
        },
        NONE {
            @Override
            Optional<String> key(Created attacker) {
                return Optional.empty();
            }
        };

        abstract Optional<String> key(Created attacker);
    }

    static boolean isWorthwhile() {
        return Cases.all() && Packaged.hasEmbeddedStore() && Attackers.canOpen(UNREAD + 1_000);
    }

    @BeforeEach
    void start() throws IOException {
        attacked = AttackedService.start(folder, Container.ofTheManifests()).afterSomeCalls();
    }

    @AfterEach
    void stop() throws IOException {
        attackers.close();
        attacked.close();
        TestDatabase.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Accept-Encoding: gzip\r\n"})
    void openPagesThatNobodyReads(String field) throws Exception {
        var request = get(attacked.biggestOpenPage(), field);
        attackers.connect(plain(), UNREAD, () -> HeldConnection.unread(request));

        attacked.assertOthersAreServed();
        assertThat(attackers.connected()).isGreaterThanOrEqualTo(UNREAD);
    }

    @Test
    void listsThatNobodyReads() throws Exception {
        var key = Objects.requireNonNull(attacked.attacker().partnerKey());
        var child = attacked.process().client(key).create("Child");
        ManyOrganisations.copy(child, 100);
        var request = get("/organisations?limit=100", "x-api-key: " + key + "\r\n");
        attackers.connect(plain(), UNREAD, () -> HeldConnection.unread(request));

        attacked.assertOthersAreServed();
        assertThat(attackers.connected()).isGreaterThanOrEqualTo(UNREAD);
    }

    @Test
    void streamsOfOpenPagesThatNobodyReads() throws Exception {
        var request = headers("GET", attacked.biggestOpenPage());
        attackers.connect(attacked.process().encryptedBase(), 1, () -> Http2Connection.unread(request, 1_500));

        attacked.assertOthersAreServed();
        assertThat(attackers.connected()).isPositive();
    }

    @Test
    void rapidReset() throws Exception {
        var request = headers("GET", attacked.biggestOpenPage());
        attackers.connect(attacked.process().encryptedBase(), 10, () -> Http2Connection.rapidReset(request));

        attacked.assertOthersAreServed();
        assertThat(attackers.connected()).isGreaterThanOrEqualTo(10);
    }

    @Test
    void bodiesOfACustomerWithoutTheirLastByte() throws Exception {
        holdBodies(CUSTOMER);

        attacked.assertOthersAreServed();
        assertThat(attackers.connected()).isGreaterThanOrEqualTo(HELD);
    }

    @Test
    void drippingBodiesOfACustomer() throws Exception {
        dripBodies(CUSTOMER);

        attacked.assertOthersAreServed();
        assertThat(attackers.connected()).isGreaterThanOrEqualTo(DRIPPING);
    }

    @Test
    void streamsOfACustomerThatNeverEnd() throws Exception {
        openStreams(CUSTOMER);

        attacked.assertOthersAreServed();
        assertThat(attackers.connected()).isPositive();
    }

    /** All of that at once. */
    @ParameterizedTest
    @EnumSource(
            value = Credential.class,
            names = {"UNKNOWN", "NONE"})
    void bodiesOfNobodyThatNeverEnd(Credential credential) throws Exception {
        openStreams(credential);
        holdBodies(credential);
        dripBodies(credential);

        attacked.assertOthersAreServed();
        assertThat(attackers.connected()).isGreaterThanOrEqualTo(HELD + DRIPPING);
    }

    @Test
    void drippingHeads() throws Exception {
        var beginning = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ";
        attackers.connect(plain(), DRIPPING, () -> HeldConnection.dripping(beginning));

        attacked.assertOthersAreServed();
        assertThat(attackers.connected()).isGreaterThanOrEqualTo(DRIPPING);
    }

    /** Twelve hundred connections, each of which asks again as soon as it is answered. */
    @Test
    void greedyClient() throws Exception {
        var key = Objects.requireNonNull(attacked.attacker().partnerKey());
        var path = "/organisations/"
                + attacked.process().client(key).create("Child").id();
        var answers = new ConcurrentHashMap<Integer, LongAdder>();
        attackers.connect(
                plain(), 1_200, () -> AskingConnection.closedLoop(() -> request(HttpMethod.GET, path, key), answers));

        attacked.assertOthersAreServed();
        assertThat(answers).as("what the greedy client got").containsKey(200);
    }

    @Test
    void moreIdleConnectionsThanDescriptors() throws Exception {
        attacked.close();
        attacked = AttackedService.start(folder, Container.ofTheManifests().withDescriptors(DESCRIPTORS));
        attackers.connect(plain(), DESCRIPTORS + 500, HeldConnection::idle);

        attacked.assertOthersAreServed();
        assertThat(attackers.connected()).isGreaterThanOrEqualTo(DESCRIPTORS);
    }

    private void holdBodies(Credential credential) {
        attackers.connect(plain(), HELD, () -> HeldConnection.unfinished(post(credential), LONGEST_BODY - 1));
    }

    private void dripBodies(Credential credential) {
        attackers.connect(plain(), DRIPPING, () -> HeldConnection.dripping(post(credential)));
    }

    private void openStreams(Credential credential) {
        var request = headers("POST", "/usage-records").add("content-type", "application/json");
        credential.key(attacked.attacker()).ifPresent(key -> request.add("x-api-key", key));
        attackers.connect(attacked.process().encryptedBase(), 1, () -> Http2Connection.unfinished(request, 1_100));
    }

    private String plain() {
        return attacked.process().base();
    }

    private static String get(String path, String fields) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
    }

    private String post(Credential credential) {
        var key = credential.key(attacked.attacker()).map(text -> "x-api-key: " + text + "\r\n");
        return "POST /usage-records HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + key.orElse("")
                + "Content-Length: " + LONGEST_BODY + "\r\n\r\n";
    }

    private static FullHttpRequest request(HttpMethod method, String path, String key) {
        var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, path);
        request.headers().add("Host", "localhost").add("x-api-key", key);
        return request;
    }

    private static Http2Headers headers(String method, String path) {
        return new DefaultHttp2Headers()
                .method(method)
                .path(path)
                .scheme("https")
                .authority("localhost");
    }
}
