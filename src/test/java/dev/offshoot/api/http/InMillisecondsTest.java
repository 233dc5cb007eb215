package dev.offshoot.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class InMillisecondsTest {
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");
    private static final DateTimeFormatter FORM =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    @Property
    void everyInstantIsWrittenAsAFormatterDoes(@ForAll("instants") Instant instant) {
        assertThat(InMilliseconds.text(instant)).isEqualTo(FORM.format(instant));
    }

    @Example
    void firstAndLastAreWrittenAndNoneBeyondThem() {
        assertThat(InMilliseconds.text(FIRST)).isEqualTo("0000-01-01T00:00:00.000Z");
        assertThat(InMilliseconds.text(LAST)).isEqualTo("9999-12-31T23:59:59.999Z");
        assertThatThrownBy(() -> InMilliseconds.text(FIRST.minusNanos(1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> InMilliseconds.text(LAST.plusNanos(1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Provide
    Arbitrary<Instant> instants() {
        var seconds = Arbitraries.longs().between(FIRST.getEpochSecond(), LAST.getEpochSecond());
        return seconds.flatMap(second ->
                Arbitraries.integers().between(0, 999_999_999).map(nano -> Instant.ofEpochSecond(second, nano)));
    }
}
