package dev.offshoot.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AttemptTest {
    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

    private final Attempt first = Attempt.first();
    private final Attempt again = Attempt.again(first.id(), first.seed());

    @Test
    void everyTryMintsTheSameForTheSamePurpose() {
        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.bytes("a")).isEqualTo(first.bytes("a")).hasSize(32);
        assertThat(again.text("a", DIGITS, 12)).isEqualTo(first.text("a", DIGITS, 12));
    }

    @Test
    void otherPurposesAndOtherWritesMintOthers() {
        assertThat(first.bytes("b")).isNotEqualTo(first.bytes("a"));
        assertThat(Attempt.first().bytes("a")).isNotEqualTo(first.bytes("a"));
        assertThat(Attempt.once().bytes("a")).isNotEqualTo(Attempt.once().bytes("a"));
    }

    @Test
    void eachTryKnowsWhetherThereMayBeOthers() {
        assertThat(Attempt.once()).matches(only -> !only.isRepeatable() && !only.isRepeated());
        assertThat(first).matches(one -> one.isRepeatable() && !one.isRepeated());
        assertThat(again).matches(further -> further.isRepeatable() && further.isRepeated());
    }

    /** Other releases have to read the same digits from the same seed. */
    @Test
    void whatIsMintedFromASeedNeverChanges() {
        var seeded = Attempt.again(first.id(), new byte[32]);

        assertThat(new BigInteger(1, seeded.bytes("key")).toString(16))
                .isEqualTo("52b9167e4d47b886511825838912377637c43117b0890911a0911e5ce93baf7");
        assertThat(seeded.text("key id", DIGITS, 12)).isEqualTo("xosgi86rjny3");
    }

    @Property
    void textIsTheNumberThatTheBytesAre(@ForAll String purpose, @ForAll @IntRange(min = 2, max = 36) int base) {
        var number = new BigInteger(1, first.bytes(purpose));
        var expected = IntStream.range(0, 20)
                .mapToObj(place ->
                        number.divide(BigInteger.valueOf(base).pow(place)).mod(BigInteger.valueOf(base)))
                .map(digit -> String.valueOf(DIGITS.charAt(digit.intValue())))
                .collect(Collectors.joining());

        assertThat(first.text(purpose, DIGITS.substring(0, base), 20)).isEqualTo(expected);
    }
}
