package dev.offshoot.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.zip.CRC32;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class KeySecretTest {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    @Property
    void mintedKeyHasTheFormAndReadsBackAsItself(@ForAll("minted") KeySecret secret) {
        assertThat(secret.reveal()).matches("osk_[a-z0-9]{12}_[0-9A-Za-z]{43}[0-9A-Za-z]{6}");
        assertThat(secret.reveal()).startsWith("osk_" + secret.id() + "_");
        assertThat(KeySecret.parse(secret.reveal())).hasValueSatisfying(parsed -> {
            assertThat(parsed.reveal()).isEqualTo(secret.reveal());
            assertThat(parsed.id()).isEqualTo(secret.id());
        });
    }

    @Property
    void checksumIsTheCrc32OfAllBeforeItInBase62(@ForAll("minted") KeySecret secret) {
        var text = secret.reveal();
        var crc = new CRC32();
        crc.update(text.substring(0, 60).getBytes(StandardCharsets.US_ASCII));
        var value = 0L;
        for (var digit : text.substring(60).toCharArray()) {
            value = value * 62 + DIGITS.indexOf(digit);
        }
        assertThat(value).isEqualTo(crc.getValue());
    }

    @Property
    void base62IsThatOfTheUnsignedNumber(@ForAll @Size(8) int[] words) {
        var number = BigInteger.ZERO;
        for (var word : words) {
            number = number.shiftLeft(Integer.SIZE).or(BigInteger.valueOf(Integer.toUnsignedLong(word)));
        }

        var read = BigInteger.ZERO;
        for (var digit : KeySecret.base62(words, 43).toCharArray()) {
            read = read.multiply(BigInteger.valueOf(62)).add(BigInteger.valueOf(DIGITS.indexOf(digit)));
        }

        assertThat(read).isEqualTo(number);
    }

    @Property
    void aKeyWithOneOtherCharacterIsNone(
            @ForAll("minted") KeySecret secret,
            @ForAll @IntRange(max = 65) int position,
            @ForAll @CharRange(from = ' ', to = '~') char other) {
        var text = new StringBuilder(secret.reveal());
        var changed = text.charAt(position) != other;
        text.setCharAt(position, other);

        assertThat(KeySecret.parse(text.toString()).isEmpty()).isEqualTo(changed);
    }

    @Property
    void whateverIsNoKeyIsRefusedWithoutAnException(@ForAll String text) {
        assertThat(KeySecret.parse(text)).isEmpty();
        assertThat(KeySecret.parse("osk_" + text)).isEmpty();
    }

    @Property
    void onlyItsOwnDigestMatches(@ForAll("minted") KeySecret one, @ForAll("minted") KeySecret other) {
        assertThat(one.matches(one.digest())).isTrue();
        assertThat(one.matches(other.digest())).isFalse();
    }

    @Example
    void digestIsTheSha256OfTheWholeKey() throws Exception {
        var secret = KeySecret.mint();
        var expected =
                MessageDigest.getInstance("SHA-256").digest(secret.reveal().getBytes(StandardCharsets.US_ASCII));

        assertThat(secret.digest().getData()).isEqualTo(expected);
    }

    @Example
    void hintIsTheEndOfTheRandomPart() {
        var secret = KeySecret.mint();

        assertThat(secret.hint()).isEqualTo(secret.reveal().substring(56, 60));
    }

    @Example
    void nothingButRevealShowsTheKey() {
        var secret = KeySecret.mint();

        assertThat(secret.toString()).doesNotContain(secret.reveal().substring(17));
    }

    @Example
    void mintedKeysDiffer() {
        var seen = new HashSet<String>();
        for (var i = 0; i < 1000; i++) {
            assertThat(seen.add(KeySecret.mint().reveal())).isTrue();
        }
    }

    @Provide
    Arbitrary<KeySecret> minted() {
        return Arbitraries.create(KeySecret::mint);
    }
}
