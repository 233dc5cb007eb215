package dev.offshoot.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.offshoot.apikey.LookUpBudget.Charge;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;
import dev.offshoot.settings.Settings;
import dev.offshoot.value.AddressRange;
import dev.offshoot.value.KeyId;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Look-ups that find nothing are made so often for a source and in all, and no more; those that find a key are free. */
class UnknownKeyLimiterTest {
    /** All networks, and all gateways: half of 200 each. */
    private static final int ALL = 100;

    private static final int NETWORK = 20;
    private static final int GATEWAY = 50;
    private static final int BURST = 60;

    private static final KeySource ADDRESS = network("192.0.2.1");
    private static final KeySource ASKING = gateway();

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final ManualTime time = new ManualTime();
    private final UnknownKeyLimiter unknownKeys = new UnknownKeyLimiter(new KeyMetrics(metrics), new Few(), time);

    private record Few() implements Settings.Keys {
        @Override
        public int maxUnknownPerSecond() {
            return 2 * ALL;
        }

        @Override
        public int maxUnknownPerSecondAndNetwork() {
            return NETWORK;
        }

        @Override
        public int maxUnknownPerSecondAndGateway() {
            return GATEWAY;
        }

        @Override
        public int unknownBurst() {
            return BURST;
        }
    }

    private static final class ManualTime implements TimeMeter {
        private long nanos;

        void pass(long millis) {
            nanos += TimeUnit.MILLISECONDS.toNanos(millis);
        }

        @Override
        public long currentTimeNanos() {
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    @Test
    void networkHasSoManyAtOnceAndThenSoManyInASecond() {
        assertThat(admitted(ADDRESS, 1000)).isEqualTo(BURST);
        assertThatThrownBy(() -> unknownKeys.charge(anyKey(), ADDRESS))
                .isInstanceOfSatisfying(FailureException.class, refused -> assertThat(refused.failure())
                        .isEqualTo(new Failure.Unavailable(Failure.Unavailable.Cause.UNKNOWN_KEYS)));

        for (var second = 0; second < 10; second++) {
            time.pass(1000);
            assertThat(admitted(ADDRESS, 1000)).isEqualTo(NETWORK);
        }
        time.pass(50);
        assertThat(admitted(ADDRESS, 1000)).isEqualTo(1);
    }

    @Test
    void gatewayHasABudgetOfItsOwn() {
        assertThat(admitted(ASKING, 1000)).isEqualTo(BURST);
        time.pass(1000);
        assertThat(admitted(ASKING, 1000)).isEqualTo(GATEWAY);
        assertThat(admitted(gateway(), 30)).isEqualTo(30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff"})
    void addressesOfOneNetworkShareItsBudget(String address) {
        assertThat(admitted(network("2001:db8:0:1::"), 1000)).isEqualTo(BURST);

        assertThat(admitted(network(address), 10)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001:db8:0:2::1", "2001:db8::", "192.0.2.2"})
    void otherNetworksHaveTheirOwn(String address) {
        assertThat(admitted(network("2001:db8:0:1::1"), 1000)).isEqualTo(BURST);
        assertThat(admitted(ADDRESS, 1000)).isEqualTo(BURST);

        assertThat(admitted(network(address), 1000)).isEqualTo(BURST);
    }

    @Test
    void addressesThatNobodyKnowsShareOne() {
        assertThat(admitted(KeySource.at(Optional.empty()), 1000)).isEqualTo(BURST);
        assertThat(admitted(KeySource.at(Optional.empty()), 10)).isZero();
    }

    @Test
    void lookUpsThatFindTheirKeyAreFree() {
        for (var i = 0; i < 20 * BURST; i++) {
            var key = anyKey();
            unknownKeys.charge(key, ADDRESS).orElseThrow().refund();
        }

        assertThat(admitted(ADDRESS, 1000)).isEqualTo(BURST);
    }

    @Test
    void lookUpsUnderWayCountUntilTheyAreRefunded() {
        var underWay = IntStream.range(0, BURST)
                .mapToObj(i -> unknownKeys.charge(anyKey(), ADDRESS).orElseThrow())
                .toList();
        assertThat(admitted(ADDRESS, 10)).isZero();

        underWay.subList(0, 7).forEach(Charge::refund);

        assertThat(admitted(ADDRESS, 10)).isEqualTo(7);
    }

    @Test
    void chargeIsRefundedOnce() {
        var charge = unknownKeys.charge(anyKey(), ADDRESS).orElseThrow();
        assertThat(admitted(ADDRESS, 1000)).isEqualTo(BURST - 1);

        charge.refund();
        charge.refund();

        assertThat(admitted(ADDRESS, 1000)).isEqualTo(1);
    }

    @Test
    void keyThatWasFoundIsNeverRefused() {
        var key = anyKey();
        unknownKeys.noteFound(key);
        assertThat(admitted(ADDRESS, 1000)).isEqualTo(BURST);

        for (var i = 0; i < 1000; i++) {
            assertThat(unknownKeys.charge(key, ADDRESS)).isEmpty();
        }
    }

    @Test
    void networksHaveSoManyTogetherAndGatewaysAreNotShutOut() {
        var networks = new ArrayList<KeySource>();
        IntStream.range(0, 100).forEach(i -> networks.add(network("198.51.100." + i)));
        var together = BURST * ALL / NETWORK;

        assertThat(networks.stream().mapToInt(each -> admitted(each, 10)).sum()).isEqualTo(together);
        assertThat(admitted(network("203.0.113.1"), 10)).isZero();
        assertThat(admitted(ASKING, 1000)).isEqualTo(BURST);

        time.pass(1000);
        assertThat(networks.stream().mapToInt(each -> admitted(each, 10)).sum()).isEqualTo(ALL);
    }

    /** The refused part of a budget that all share is not the source's. */
    @Test
    void sourceKeepsItsOwnBudgetWhileThatOfAllIsUsedUp() {
        var gateways = List.of(gateway(), gateway(), gateway());
        assertThat(gateways.stream().mapToInt(each -> admitted(each, 1000)).sum())
                .isEqualTo(BURST * ALL / GATEWAY);
        var late = gateway();
        assertThat(admitted(late, 1000)).isZero();

        time.pass(1000);

        assertThat(admitted(late, 1000)).isEqualTo(BURST);
    }

    @Test
    void refusalsAreCountedByWhoseBudgetIsUsedUp() {
        admitted(ADDRESS, BURST + 3);
        admitted(ASKING, BURST + 2);

        assertThat(refused("network")).isEqualTo(3);
        assertThat(refused("gateway")).isEqualTo(2);
        assertThat(refused("all_networks")).isZero();
        IntStream.range(0, 100).forEach(i -> admitted(network("198.51.100." + i), 10));
        IntStream.range(0, 3).forEach(i -> admitted(gateway(), BURST));
        assertThat(refused("all_networks")).isPositive();
        assertThat(refused("all_gateways")).isPositive();
    }

    @Test
    void keyThatWasNotFoundIsUnknownForAWhile() {
        var none = KeySecret.mint().digest();

        assertThat(unknownKeys.isUnknown(none)).isFalse();
        unknownKeys.noteUnknown(none);

        assertThat(unknownKeys.isUnknown(none)).isTrue();
        assertThat(unknownKeys.isUnknown(KeySecret.mint().digest())).isFalse();
    }

    private double refused(String budget) {
        return metrics.get("offshoot.keys.over.budget")
                .tag("budget", budget)
                .counter()
                .count();
    }

    /** How many of so many unknown keys are looked up. */
    private int admitted(KeySource source, int presented) {
        return (int)
                IntStream.range(0, presented).filter(i -> isAdmitted(source)).count();
    }

    private boolean isAdmitted(KeySource source) {
        try {
            return unknownKeys.charge(anyKey(), source).isPresent();
        } catch (FailureException refused) {
            return false;
        }
    }

    private static KeyId anyKey() {
        return KeySecret.mint().id();
    }

    private static KeySource network(String address) {
        return KeySource.at(AddressRange.parseAddress(address));
    }

    private static KeySource gateway() {
        return new KeySource.Gateway(anyKey());
    }
}
