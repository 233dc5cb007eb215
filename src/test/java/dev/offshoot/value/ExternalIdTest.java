package dev.offshoot.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

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
                "a\tb")) {
            assertThat(accepts(bad)).as(bad).isFalse();
        }
    }

    private static boolean accepts(String raw) {
        return ExternalId.parse(raw).toOptional().isPresent();
    }
}
