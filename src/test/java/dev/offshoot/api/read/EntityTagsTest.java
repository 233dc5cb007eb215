package dev.offshoot.api.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

class EntityTagsTest {
    private static final Duration NO_TIME = Duration.ofSeconds(5);
    private static final int MANY = 500_000;

    /**
     * An element of a list.
     *
     * @param opaque null in an empty element
     * @param before white space
     * @param after what follows it: white space, and a line's end in the place of a comma
     */
    record Element(@Nullable String opaque, boolean weak, String before, String after, boolean endsLine) {
        String text() {
            return before + (opaque == null ? "" : (weak ? "W/" : "") + '"' + opaque + '"') + after;
        }
    }

    @Property
    void listHoldsItsTagsAndNoOthers(@ForAll("elements") List<Element> elements, @ForAll("opaque") String another) {
        var tags = EntityTags.parse(lines(elements)).orElseThrow();

        var opaques = elements.stream().map(Element::opaque).collect(Collectors.toSet());
        for (var element : elements) {
            if (element.opaque() != null) {
                assertThat(tags.holdWeakly(element.opaque())).isTrue();
                assertThat(tags.holdStrongly(element.opaque()))
                        .isEqualTo(elements.stream()
                                .anyMatch(each -> element.opaque().equals(each.opaque()) && !each.weak()));
            }
        }
        assertThat(tags.holdWeakly(another)).isEqualTo(opaques.contains(another));
        assertThat(tags.every()).isFalse();
    }

    /** Against a reader that goes through the characters one by one. */
    @Property
    void whatIsWrittenOtherwiseIsRefused(@ForAll("nearly") String value) {
        assertThat(EntityTags.parse(List.of(value)).isPresent()).as(value).isEqualTo(isWellFormed(value));
    }

    @Example
    void asteriskIsEveryTagAndStandsAlone() {
        for (var alone : List.of("*", " *", "*\t ")) {
            var tags = EntityTags.parse(List.of(alone)).orElseThrow();
            assertThat(tags.holdStrongly("any")).isTrue();
            assertThat(tags.holdWeakly("any")).isTrue();
        }
        for (var refused : List.of("*, \"a\"", "\"a\", *", "*,", "**", "W/*", "*, *")) {
            assertThat(EntityTags.parse(List.of(refused))).as(refused).isEmpty();
        }
        assertThat(EntityTags.parse(List.of("*", "*"))).isEmpty();
        assertThat(EntityTags.parse(List.of("\"*\"")).map(EntityTags::every)).contains(false);
    }

    @Example
    void listMayBeEmpty() {
        for (var empty : List.of("", " ", ",", ", \t,,")) {
            assertThat(EntityTags.parse(List.of(empty))).map(EntityTags::tags).hasValue(List.of());
        }
    }

    @Example
    void everyCharacterOfATagIsReadAndNoOther() {
        for (var each = 0; each <= 0x17F; each++) {
            var opaque = String.valueOf((char) each);
            var isAllowed = each == '!' || (each >= 0x23 && each <= 0x7E) || (each >= 0x80 && each <= 0xFF);

            var parsed = EntityTags.parse(List.of('"' + opaque + '"'));

            assertThat(parsed.map(tags -> tags.holdStrongly(opaque)))
                    .as("U+%04X", each)
                    .isEqualTo(isAllowed ? Optional.of(true) : Optional.empty());
        }
    }

    @Example
    void hugeValuesTakeNoTime() {
        for (var part : List.of(",", " ", "\"", "\"\"", "W/", "\"a\",", "*", "\"a\" ", "a", ", \t", "\\\"")) {
            for (var end : List.of("", "\"", "*", "\u0000")) {
                assertTimeout(NO_TIME, () -> EntityTags.parse(List.of(part.repeat(MANY) + end)), part + end);
            }
        }
    }

    @Provide
    Arbitrary<List<Element>> elements() {
        var space = Arbitraries.of("", "", " ", "\t", " \t ");
        return Combinators.combine(
                        opaque().injectNull(0.2),
                        Arbitraries.of(true, false),
                        space,
                        space,
                        Arbitraries.of(true, false, false))
                .as(Element::new)
                .list()
                .ofMaxSize(6);
    }

    /** Few characters, so that tags are often alike. */
    @Provide
    Arbitrary<String> opaque() {
        return Arbitraries.strings().withChars("a,W/*\\!~\u0080\u00FF").ofMaxLength(2);
    }

    @Provide
    Arbitrary<String> nearly() {
        return Arbitraries.strings()
                .withChars("\"\",, \tW/a*\u00FF\u0000\u0100")
                .ofMaxLength(12);
    }

    private static List<String> lines(List<Element> elements) {
        var lines = new ArrayList<String>();
        var line = new ArrayList<String>();
        for (var element : elements) {
            line.add(element.text());
            if (element.endsLine()) {
                lines.add(String.join(",", line));
                line.clear();
            }
        }
        lines.add(String.join(",", line));
        return lines;
    }

    private static boolean isWellFormed(String value) {
        if (value.strip().equals("*")) {
            return true;
        }
        var at = 0;
        while (true) {
            at = skipSpace(value, at);
            if (value.startsWith("W/\"", at)) {
                at += 2;
            }
            if (value.startsWith("\"", at)) {
                var end = value.indexOf('"', at + 1);
                if (end < 0 || value.substring(at + 1, end).matches("(?s).*[\u0000 \t\u0100].*")) {
                    return false;
                }
                at = skipSpace(value, end + 1);
            }
            if (at == value.length()) {
                return true;
            }
            if (value.charAt(at) != ',') {
                return false;
            }
            at++;
        }
    }

    private static int skipSpace(String value, int from) {
        var at = from;
        while (at < value.length() && (value.charAt(at) == ' ' || value.charAt(at) == '\t')) {
            at++;
        }
        return at;
    }
}
