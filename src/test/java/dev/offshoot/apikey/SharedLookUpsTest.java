package dev.offshoot.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.testing.Commands;
import dev.offshoot.testing.CuttingProxy;
import dev.offshoot.testing.CuttingProxy.Action;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ProxiedInstallation;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that come at once with one key look it up once, and each goes on as itself. */
@QuarkusTest
@WithTestResource(value = ProxiedInstallation.class, scope = TestResourceScope.MATCHING_RESOURCES)
class SharedLookUpsTest {
    private static final int AT_ONCE = 40;

    /** The key, and its lineage. */
    private static final int LOOK_UP = 2;

    private static final int RANDOM_PART = 17;
    private static final int CHECKSUM = 60;
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static final KeySource SOURCE =
            new KeySource.Gateway(KeySecret.mint().id());

    @Inject
    KeyAuthenticator authenticator;

    @Inject
    UnknownKeyLimiter limiter;

    @Inject
    CallerCache cache;

    private final CuttingProxy proxy = ProxiedInstallation.proxy();

    @AfterEach
    void heal() {
        proxy.heal();
    }

    @Test
    void oneLookUpServesAllWhoWaitForIt() {
        var partner = PartnerClient.newPartner();
        var customers = IntStream.range(0, AT_ONCE)
                .mapToObj(each -> partner.create("Customer " + each).id())
                .toList();
        var fresh = PartnerClient.with(partner.mint("/api-keys", "partner").secret());

        var found = new ArrayList<String>();
        var commands = Commands.during(() -> found.addAll(whileTheLookUpIsHeld(
                customers.stream().map(id -> () -> fresh.get(id).id()))));

        assertThat(found).isEqualTo(customers);
        assertThat(commands).hasSize(AT_ONCE + LOOK_UP);
    }

    /** Whoever shares a look-up still has to prove to hold the key. */
    @Test
    void wrongSecretOfAKeyThatIsBeingLookedUpIsRefused() {
        var key = PartnerClient.newPartner().mint("/api-keys", "partner").secret();
        var good = PartnerClient.with(key);
        var wrong = PartnerClient.with(withAnotherSecret(key));

        var statuses = whileTheLookUpIsHeld(Stream.of(good, wrong, good, wrong)
                .map(client -> () -> client.send("GET", "/organisations").status()));

        assertThat(statuses).containsExactly(200, 401, 200, 401);
    }

    /** A gateway that waits less long than the database takes would otherwise use up its budget with good keys. */
    @Test
    void keyIsNotUnknownThoughWhoeverAskedHasHungUp() throws InterruptedException {
        var key = PartnerClient.newPartner().mint("/api-keys", "partner").secret();
        var id = KeySecret.parse(key).orElseThrow().id();
        proxy.arm(1, Action.HOLD);

        var asked =
                authenticator.authenticate(Optional.of(key), SOURCE).subscribe().with(check -> {});
        proxy.awaitHeld();
        asked.cancel();
        proxy.release();

        await("a look-up of the key is free")
                .until(() -> limiter.charge(id, SOURCE).isEmpty());
    }

    @Test
    void wrongSecretOfAKeyIsChargedThoughWhoeverAskedHasHungUp() throws InterruptedException {
        var key = PartnerClient.newPartner().mint("/api-keys", "partner").secret();
        var id = KeySecret.parse(key).orElseThrow().id();
        proxy.arm(1, Action.HOLD);

        var asked = authenticator
                .authenticate(Optional.of(withAnotherSecret(key)), SOURCE)
                .subscribe()
                .with(check -> {});
        var lookUp = cache.get(id).orElseThrow();
        proxy.awaitHeld();
        asked.cancel();
        proxy.release();
        lookUp.key().await().atMost(Duration.ofSeconds(5));

        assertThat(limiter.charge(id, SOURCE)).isPresent();
    }

    /** Makes all the calls while the first command of the first one does not get through. */
    private <T> List<T> whileTheLookUpIsHeld(Stream<Supplier<T>> calls) {
        var threads = Executors.newFixedThreadPool(AT_ONCE);
        proxy.arm(1, Action.HOLD);
        try {
            var answers = calls.map(call -> CompletableFuture.supplyAsync(call, threads))
                    .toList();
            proxy.awaitHeld();
            await().pollDelay(Duration.ofMillis(300)).until(() -> true);
            assertThat(answers).noneMatch(CompletableFuture::isDone);
            proxy.release();
            return answers.stream().map(CompletableFuture::join).toList();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        } finally {
            threads.shutdown();
        }
    }

    /** A well-formed key of the same id. */
    static String withAnotherSecret(String key) {
        var unchecked =
                key.substring(0, RANDOM_PART) + KeySecret.mint().reveal().substring(RANDOM_PART, CHECKSUM);
        var crc = new CRC32();
        crc.update(unchecked.getBytes(StandardCharsets.US_ASCII));
        var digits = new StringBuilder();
        for (var rest = crc.getValue(); digits.length() < key.length() - CHECKSUM; rest /= DIGITS.length()) {
            digits.append(DIGITS.charAt((int) (rest % DIGITS.length())));
        }
        return unchecked + digits.reverse();
    }
}
