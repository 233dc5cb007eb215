package dev.offshoot.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.failure.Failure;
import dev.offshoot.settings.Settings;
import dev.offshoot.value.ClientNetwork;
import dev.offshoot.value.KeyId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which of the bodies that clients are sending is given up. */
class OpenBodiesTest {
    private static final KeyId KEY = KeySecret.mint().id();
    private static final KeyId OTHER_KEY = KeySecret.mint().id();
    private static final ClientNetwork HERE = network("192.0.2.1");
    private static final ClientNetwork THERE = network("192.0.2.2");

    private final OpenBodies bodies = new OpenBodies(new Limits(), new SimpleMeterRegistry());
    private final List<String> givenUp = new ArrayList<>();

    /** Three bodies and 300 bytes of a key, four and 400 of an address, six and 600 in all. */
    private record Limits() implements Settings.Bodies {
        @Override
        public int max() {
            return 6;
        }

        @Override
        public int maxPerAddress() {
            return 4;
        }

        @Override
        public int maxPerKey() {
            return 3;
        }

        @Override
        public MemorySize maxBytes() {
            return bytes(600);
        }

        @Override
        public MemorySize maxBytesPerAddress() {
            return bytes(400);
        }

        @Override
        public MemorySize maxBytesPerKey() {
            return bytes(300);
        }

        @Override
        public Duration timeout() {
            return Duration.ofSeconds(30);
        }

        @Override
        public MemorySize minBytesPerSecond() {
            return bytes(100);
        }

        @Override
        public Duration grace() {
            return Duration.ofSeconds(5);
        }
    }

    @Test
    void oneMoreOfAKeyTakesThePlaceOfItsOldest() {
        open("first", KEY, HERE);
        open("second", KEY, THERE);
        open("third", KEY, THERE);
        assertThat(givenUp).isEmpty();

        open("fourth", KEY, HERE);

        assertThat(givenUp).containsExactly("first");
    }

    @Test
    void oneMoreOfAnAddressTakesThePlaceOfItsOldest() {
        open("elsewhere", KEY, THERE);
        open("first", KeySecret.mint().id(), HERE);
        for (var i = 0; i < 3; i++) {
            open("next", KeySecret.mint().id(), HERE);
        }
        assertThat(givenUp).isEmpty();

        open("fifth", KeySecret.mint().id(), HERE);

        assertThat(givenUp).containsExactly("first");
    }

    @Test
    void oneMoreInAllTakesNoneOfAnAddressThatHasFewAndLongOnes() {
        open("long", KEY, THERE).arrived(250, 250);
        for (var i = 0; i < 3; i++) {
            open("here " + i, KeySecret.mint().id(), HERE);
        }
        open("elsewhere", KeySecret.mint().id(), network("192.0.2.3"));
        open("elsewhere", KeySecret.mint().id(), network("192.0.2.4"));

        open("seventh", KeySecret.mint().id(), network("192.0.2.5"));

        assertThat(givenUp).containsExactly("here 0");
    }

    @Test
    void oneMoreInAllTakesAPlaceOfTheAddressThatHasMost() {
        open("alone", KEY, THERE);
        for (var i = 0; i < 3; i++) {
            open("here " + i, KeySecret.mint().id(), HERE);
        }
        open("elsewhere", KeySecret.mint().id(), network("192.0.2.3"));
        open("elsewhere", KeySecret.mint().id(), network("192.0.2.4"));
        assertThat(givenUp).isEmpty();

        open("seventh", KeySecret.mint().id(), network("192.0.2.5"));

        assertThat(givenUp).containsExactly("here 0");
    }

    @Test
    void oneByteMoreOfAKeyTakesThoseOfItsOldest() {
        var first = open("first", KEY, HERE);
        var second = open("second", KEY, THERE);
        first.arrived(200, 200);
        second.arrived(100, 100);
        assertThat(givenUp).isEmpty();

        second.arrived(1, 101);

        assertThat(givenUp).containsExactly("first");
        second.arrived(199, 300);
        assertThat(givenUp).hasSize(1);
    }

    @Test
    void oneByteMoreOfAnAddressTakesThoseOfItsOldest() {
        var first = open("first", KEY, HERE);
        var second = open("second", OTHER_KEY, HERE);
        first.arrived(200, 200);
        second.arrived(200, 200);
        assertThat(givenUp).isEmpty();

        second.arrived(1, 201);

        assertThat(givenUp).containsExactly("first");
    }

    @Test
    void oneByteMoreInAllTakesThoseOfTheAddressThatHasMost() {
        var small = open("small", KEY, HERE);
        var big = open("big", OTHER_KEY, THERE);
        var third = open("third", KeySecret.mint().id(), network("192.0.2.3"));
        small.arrived(150, 150);
        big.arrived(250, 250);
        third.arrived(200, 200);
        assertThat(givenUp).isEmpty();

        third.arrived(1, 201);

        assertThat(givenUp).containsExactly("big");
    }

    @Test
    void bodyWithinItsEvenShareIsNotGivenUpForThoseOfOthersThatAreThere() {
        for (var from : List.of(HERE, THERE)) {
            var there = open("there", KeySecret.mint().id(), from);
            there.arrived(300, 300);
            there.complete();
        }
        var small = open("small", KEY, network("192.0.2.3"));

        small.arrived(100, 100);
        assertThat(givenUp).isEmpty();

        small.arrived(1, 101);
        assertThat(givenUp).containsExactly("small");
    }

    @Test
    void bodyAboveItsOwnBoundIsGivenUpItself() {
        var only = open("only", KEY, HERE);

        only.arrived(301, 301);

        assertThat(givenUp).containsExactly("only");
    }

    @Test
    void whatIsClosedCountsNoMore() {
        for (var i = 0; i < 10; i++) {
            var body = open("body", KEY, HERE);
            body.arrived(300, 300);
            body.close();
            body.close();
        }

        assertThat(givenUp).isEmpty();
    }

    @Test
    void whatIsThereCountsUntilItsRequestEndsAndIsNotGivenUp() {
        var there = open("there", KEY, HERE);
        there.arrived(250, 250);
        there.complete();
        bodies.check(in(Duration.ofMinutes(1)));
        var next = open("next", KEY, HERE);

        next.arrived(51, 51);
        assertThat(givenUp).containsExactly("next");

        there.close();
        open("last", KEY, HERE).arrived(300, 300);
        assertThat(givenUp).containsExactly("next");
    }

    @Test
    void slowOneIsGivenUpOnceItsRateCounts() {
        open("slow", KEY, HERE);
        open("steady", KEY, HERE).arrived(100, 0);

        bodies.check(in(Duration.ofMillis(4900)));
        assertThat(givenUp).isEmpty();

        bodies.check(in(Duration.ofMillis(5900)));
        assertThat(givenUp).containsExactly("slow: slow");

        bodies.check(in(Duration.ofMillis(6100)));
        assertThat(givenUp).containsExactly("slow: slow", "slow: steady");
    }

    @Test
    void longOneIsGivenUpHoweverFastItComes() {
        open("long", KEY, HERE).arrived(1_000_000, 0);

        bodies.check(in(Duration.ofMillis(29_900)));
        assertThat(givenUp).isEmpty();

        bodies.check(in(Duration.ofMillis(30_100)));
        assertThat(givenUp).containsExactly("slow: long");
    }

    private OpenBodies.OpenBody open(String name, KeyId key, ClientNetwork network) {
        return bodies.open(
                key,
                Optional.of(network),
                failure -> givenUp.add(failure instanceof Failure.BodyTooSlow ? "slow: " + name : name));
    }

    private static long in(Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    private static MemorySize bytes(long bytes) {
        return new MemorySize(BigInteger.valueOf(bytes));
    }

    private static ClientNetwork network(String address) {
        try {
            return ClientNetwork.of(InetAddress.getByName(address));
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
