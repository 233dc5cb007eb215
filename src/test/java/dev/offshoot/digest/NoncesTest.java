package dev.offshoot.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;

class NoncesTest {
    private static final Instant NOW = Instant.parse("2026-04-01T09:30:00.123Z");
    private static final String KEY = KeyEncryption.mintKey("a");

    @Example
    void replicaWithTheSameKeyReadsTheTimeOfANonceThatItDidNotMake() {
        assertThat(replica(KEY, NOW.plusSeconds(10)).issuedAt(replica(KEY, NOW).mint()))
                .contains(NOW);
    }

    @Example
    void replicaWithAnotherKeyRefusesTheNonce() {
        var sameId = KeyEncryption.mintKey("a");

        assertThat(replica(sameId, NOW).issuedAt(replica(KEY, NOW).mint())).isEmpty();
    }

    @Property
    void nonceWithOneOtherCharacterIsNone(
            @ForAll @IntRange(max = 63) int position, @ForAll @CharRange(from = '0', to = 'z') char other) {
        var nonce = replica(KEY, NOW).mint();
        var tampered = new StringBuilder(nonce);
        tampered.setCharAt(position, other);

        assertThat(replica(KEY, NOW).issuedAt(tampered.toString()).isPresent())
                .isEqualTo(nonce.contentEquals(tampered));
    }

    @Property
    void whateverIsNoNonceIsRefusedWithoutAnException(@ForAll String text) {
        assertThat(replica(KEY, NOW).issuedAt(text)).isEmpty();
    }

    @Example
    void nonceOfAnotherFormIsRefused() {
        var nonce = replica(KEY, NOW).mint();

        for (var other : List.of("", nonce.toUpperCase(Locale.ROOT), nonce + "0", nonce.substring(1), nonce + "\n")) {
            assertThat(replica(KEY, NOW).issuedAt(other)).as(other).isEmpty();
        }
    }

    @Example
    void timeOfANonceThatIsOursIsReadHoweverOldItIs() {
        var nonce = replica(KEY, NOW).mint();

        for (var now : List.of(NOW.plus(Duration.ofDays(400)), NOW.minus(Duration.ofDays(400)))) {
            assertThat(replica(KEY, now).issuedAt(nonce)).contains(NOW);
        }
    }

    @Example
    void nonceLivesFiveMinutes() {
        var five = Duration.ofMinutes(5);

        assertThat(replica(KEY, NOW.plus(five).minusMillis(1)).isUsable(NOW)).isTrue();
        assertThat(replica(KEY, NOW.plus(five)).isUsable(NOW)).isFalse();
    }

    @Example
    void nonceOfAReplicaWhoseClockIsALittleAheadIsGood() {
        assertThat(replica(KEY, NOW).isUsable(NOW.plusSeconds(29))).isTrue();
        assertThat(replica(KEY, NOW).isUsable(NOW.plusSeconds(30))).isFalse();
    }

    @Property
    void noncesSortByTheirTime(@ForAll @IntRange(min = 1) int laterByMillis) {
        var earlier = replica(KEY, NOW).mint();
        var later = replica(KEY, NOW.plusMillis(laterByMillis)).mint();

        assertThat(earlier).isLessThan(later);
    }

    @Example
    void noncesDiffer() {
        var nonces = replica(KEY, NOW);
        var seen = new HashSet<String>();
        for (var i = 0; i < 1000; i++) {
            assertThat(seen.add(nonces.mint())).isTrue();
        }
    }

    private static Nonces replica(String key, Instant now) {
        return new Nonces(KeyEncryption.of(key, List.of()).orElseThrow(), Clock.fixed(now, ZoneOffset.UTC));
    }
}
