package dev.offshoot.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExternalIdTest {

    @Property
    void anAcceptedIdIsKeptAsItIs(@ForAll String raw) {
        ExternalId.parse(raw).toOptional().ifPresent(id -> assertThat(id.text()).isEqualTo(raw));
    }

    @Example
    void boundsAndForms() {
        for (var good : List.of(
                "a", "a".repeat(255), "😀".repeat(255), "a/b", "a b", "...", "é", "5f".repeat(11), "5f".repeat(13))) {
            assertThat(accepts(good)).as(good).isTrue();
        }
        for (var bad : List.of(
                "",
                "a".repeat(256),
                " a",
                "a ",
                "\u00a0a",
                ".",
                "..",
                "5f".repeat(12),
                "5F".repeat(12),
                "a\u0000",
                "a\u200bb",
                "\ud800",
                "Caf\ufffd",
                "a\tb")) {
            assertThat(accepts(bad)).as(bad).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource
    void idIsTaken(String id) {
        assertThat(accepts(id)).isTrue();
    }

    static Stream<String> idIsTaken() {
        return Stream.of(
                "x",
                "customer-12345",
                "customer/12345?a=b#c",
                "%2F",
                "a b",
                "...",
                "é東京😀",
                "x".repeat(255),
                "😀".repeat(255),
                "0123456789abcdef0123456",
                "0123456789abcdef012345678",
                "0123456789abcdef0123456g",
                "$ne",
                "null");
    }

    @ParameterizedTest
    @MethodSource
    void whatIsPaddedInvisibleADotSegmentTooLongOrAnObjectIdIsNoId(String raw) {
        assertThat(accepts(raw)).isFalse();
    }

    static Stream<String> whatIsPaddedInvisibleADotSegmentTooLongOrAnObjectIdIsNoId() {
        return Stream.of(
                "",
                " ",
                " a",
                "a ",
                "\u00a0a",
                "a\u3000",
                "\ta",
                "a\n",
                "a\tb",
                "a\u0000",
                "\u0000",
                "a\u007f",
                "a\u0085b",
                "a\u2028b",
                "a\u200bb",
                "a\u202eb",
                "\ud800",
                "a\udc00",
                ".",
                "..",
                "x".repeat(256),
                "😀".repeat(256),
                "0123456789abcdef01234567",
                "0123456789ABCDEF01234567",
                "0123456789abcdefABCDEF01");
    }

    private static boolean accepts(String raw) {
        return ExternalId.parse(raw).toOptional().isPresent();
    }
}
