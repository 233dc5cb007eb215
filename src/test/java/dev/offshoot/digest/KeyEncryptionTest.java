package dev.offshoot.digest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.value.KeyId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.bson.types.Binary;

class KeyEncryptionTest {
    private static final String CURRENT = KeyEncryption.mintKey("2026");
    private static final String PREVIOUS = KeyEncryption.mintKey("2025");
    private static final KeyId ID = new KeyId("abcdefghijkl");
    private static final KeyId OTHER_ID = new KeyId("abcdefghijkm");

    private final KeyEncryption encryption = with(CURRENT);

    @Property
    void whatWasSealedOpensAgain(@ForAll @Size(16) byte[] ha1) {
        assertThat(encryption.open(ID, encryption.seal(ID, ha1)))
                .hasValueSatisfying(opened -> assertThat(opened).isEqualTo(ha1));
    }

    @Example
    void sealedTwiceItIsNotTheSame() {
        var one = encryption.seal(ID, new byte[16]);
        var other = encryption.seal(ID, new byte[16]);

        assertThat(one.iv()).isNotEqualTo(other.iv());
        assertThat(one.text()).isNotEqualTo(other.text());
    }

    @Example
    void whatWasSealedForOneKeyDoesNotOpenForAnother() {
        assertThat(encryption.open(OTHER_ID, encryption.seal(ID, new byte[16]))).isEmpty();
    }

    @Property
    void whatWasTamperedWithDoesNotOpen(
            @ForAll @IntRange(max = 31) int inText,
            @ForAll @IntRange(max = 11) int inIv,
            @ForAll @IntRange(max = 7) int bit) {
        var sealed = encryption.seal(ID, new byte[16]);

        assertThat(encryption.open(ID, new Sealed("2026", sealed.iv(), flipped(sealed.text(), inText, bit))))
                .isEmpty();
        assertThat(encryption.open(ID, new Sealed("2026", flipped(sealed.iv(), inIv, bit), sealed.text())))
                .isEmpty();
    }

    @Property
    void whateverIsStoredIsNeverAnException(@ForAll byte[] iv, @ForAll byte[] text) {
        assertThat(encryption.open(ID, new Sealed("2026", new Binary(iv), new Binary(text))))
                .isEmpty();
    }

    @Example
    void whatWasSealedUnderAPreviousKeyStillOpensAndNewThingsAreUnderTheCurrentOne() {
        var old = with(PREVIOUS).seal(ID, new byte[16]);
        var rotated = with(CURRENT, PREVIOUS);

        assertThat(old.key()).isEqualTo("2025");
        assertThat(rotated.open(ID, old)).isPresent();
        assertThat(rotated.seal(ID, new byte[16]).key()).isEqualTo("2026");
    }

    @Example
    void whatWasSealedUnderAnUnknownKeyDoesNotOpen() {
        assertThat(encryption.open(ID, with(PREVIOUS).seal(ID, new byte[16]))).isEmpty();
        assertThat(encryption.open(ID, with(KeyEncryption.mintKey("2026")).seal(ID, new byte[16])))
                .isEmpty();
    }

    @Example
    void derivedKeysAreTheSameOnEveryReplicaAndAnotherForEveryPurpose() {
        assertThat(encryption.derive("a"))
                .hasSize(32)
                .isEqualTo(with(CURRENT, PREVIOUS).derive("a"));
        assertThat(encryption.derive("a")).isNotEqualTo(encryption.derive("b"));
        assertThat(encryption.derive("a")).isNotEqualTo(with(PREVIOUS).derive("a"));
    }

    @Example
    void malformedSettingsAreRefused() {
        var key = CURRENT.substring(CURRENT.indexOf(':') + 1);
        for (var text : List.of(
                "",
                ":",
                key,
                ":" + key,
                "a b:" + key,
                "x".repeat(65) + ":" + key,
                "a:" + key.substring(1),
                "a:" + key + "=",
                "a:" + key.replace('=', 'A'),
                "a:-" + key.substring(1),
                CURRENT + "\n",
                " " + CURRENT)) {
            assertThat(KeyEncryption.of(text, List.of())).as(text).isEmpty();
            assertThat(KeyEncryption.of(CURRENT, List.of(text))).as(text).isEmpty();
        }
    }

    @Property
    void anySettingIsReadWithoutAnException(@ForAll String text) {
        assertThat(KeyEncryption.of(text, List.of())).isEmpty();
    }

    @Example
    void mintedKeysDiffer() {
        assertThat(KeyEncryption.mintKey("a"))
                .isNotEqualTo(KeyEncryption.mintKey("a"))
                .matches("a:[A-Za-z0-9+/]{43}=");
    }

    /** Two keys of one id would open none of what the other sealed. */
    @Example
    void keysMintedAtOnceHaveIdsOfTheirOwn() {
        var ids = Stream.generate(KeyEncryption::mintKey)
                .limit(1000)
                .map(KeyEncryption::idOf)
                .flatMap(Optional::stream)
                .toList();

        assertThat(ids).hasSize(1000).doesNotHaveDuplicates().allMatch(id -> id.matches("k[0-9a-f]{16}"));
    }

    @Property
    void mintedKeysAreNotGuessable() {
        assertThat(KeyEncryption.isGuessable(KeyEncryption.mintKey("a"))).isFalse();
    }

    @Example
    void textOfASealedHa1TellsNothingOfIt() {
        assertThat(encryption.seal(ID, new byte[16])).hasToString("Sealed[2026]");
    }

    private static KeyEncryption with(String current, String... previous) {
        return KeyEncryption.of(current, List.of(previous)).orElseThrow();
    }

    private static Binary flipped(Binary bytes, int position, int bit) {
        var flipped = bytes.getData().clone();
        flipped[position] ^= (byte) (1 << bit);
        return new Binary(flipped);
    }
}
