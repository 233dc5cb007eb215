package dev.offshoot.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DisplayNameTest {

    @Property
    void aStoredNameIsTrimmedNormalisedBoundedAndReadsBackAsItself(@ForAll String raw) {
        parse(raw).ifPresent(name -> {
            assertThat(Normalizer.isNormalized(name, Normalizer.Form.NFC)).isTrue();
            assertThat(name.strip()).isEqualTo(name);
            assertThat(name.codePointCount(0, name.length())).isBetween(1, 256);
            assertThat(parse(name)).hasValue(name);
        });
    }

    @Property
    void searchKeyDoesNotDependOnCase(@ForAll @StringLength(max = 60) String raw) {
        parse(raw).ifPresent(name -> assertThat(key(name.toUpperCase(java.util.Locale.ROOT)))
                .isEqualTo(key(name)));
    }

    @Example
    void lengthIsCountedInCodePointsOnBothSidesOfTheBound() {
        assertThat(parse("😀".repeat(256))).isPresent();
        assertThat(parse("😀".repeat(257))).isEmpty();
        assertThat(parse("  " + "a".repeat(256) + "\u00a0")).hasValue("a".repeat(256));
        assertThat(parse("a".repeat(257))).isEmpty();
        // 256 decomposed letters are 256 code points once composed.
        assertThat(parse("e\u0301".repeat(256))).hasValue("é".repeat(256));
    }

    /** U+1F82 is the composition of four. */
    @Example
    void nameOfTheLongestDecompositionsIsComposed() {
        var four = Normalizer.normalize("\u1f82", Normalizer.Form.NFD);

        assertThat(four).hasSize(4);
        assertThat(parse(four.repeat(256))).hasValue("\u1f82".repeat(256));
        assertThat(parse(four.repeat(256) + "a")).isEmpty();
    }

    @Example
    void marksMayBeOutOfOrderUpToThirtyInARow() {
        var mixed = "\u0305".repeat(15) + "\u0316".repeat(15);

        assertThat(parse("a" + mixed)).hasValue("a" + "\u0316".repeat(15) + "\u0305".repeat(15));
        assertThat(parse("a" + mixed + "b" + mixed)).isPresent();
        assertThat(parse("a" + mixed + "\u0316")).isEmpty();
        assertThat(parse("a" + "\u0316".repeat(100) + "\u0305".repeat(100))).isPresent();
    }

    /** To put half a million marks in order takes minutes. */
    @Example
    void manyMarksTakeNoTime() {
        var marks = "a" + "\u0305".repeat(250_000) + "\u0316".repeat(250_000);
        var began = System.nanoTime();

        assertThat(parse(marks)).isEmpty();
        assertThat(Reason.parse(marks).toOptional()).isEmpty();
        assertThat(DisplayName.searchKeyOf(marks)).isEqualTo(marks);
        assertThat(EmailAddress.searchKeyOf(marks)).isEqualTo(marks);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }

    @Example
    void namesWithNothingToSeeAreRefused() {
        for (var raw : List.of("", " ", "\u00a0\u2003", "\u200b", "\u200d\u200c", "\u3164", "\u2800", "\u0301")) {
            assertThat(parse(raw))
                    .as(raw.codePoints().boxed().toList().toString())
                    .isEmpty();
        }
    }

    @Example
    void controlsOverridesSeparatorsAndLoneSurrogatesAreRefused() {
        for (var raw : List.of(
                "a\u0000b",
                "a\nb",
                "a\u007fb",
                "a\u0085b",
                "a\u202eb",
                "a\u202ab",
                "a\u2066b",
                "a\u2069b",
                "a\u061cb",
                "a\u200eb",
                "\u200fa",
                "a\u2028b",
                "a\ud800b",
                "\udc00")) {
            assertThat(parse(raw))
                    .as(raw.codePoints().boxed().toList().toString())
                    .isEmpty();
        }
    }

    @Example
    void scriptsAndEmojiSequencesAreAccepted() {
        for (var raw : List.of("Łódź", "שלום", "株式会社", "नमस्ते", "👩‍👩‍👧")) {
            assertThat(parse(raw)).isPresent();
        }
    }

    @Example
    void searchKeyFoldsCaseInEveryScriptAndCompatibleForms() {
        assertThat(key("STRASSE")).isEqualTo(key("straße"));
        assertThat(key("ΣΊΣΥΦΟΣ")).isEqualTo(key("σίσυφος"));
        assertThat(key("ｏｒｇ１")).isEqualTo(key("Org1"));
        assertThat(key("org1")).isNotEqualTo(key("org123"));
    }

    private static Optional<String> parse(String raw) {
        return parsed(raw).map(DisplayName::text);
    }

    private static String key(String raw) {
        return parsed(raw).orElseThrow().searchKey();
    }

    private static Optional<DisplayName> parsed(String raw) {
        Parsed<DisplayName> parsed = DisplayName.parse(raw);
        return parsed.toOptional();
    }

    @ParameterizedTest
    @MethodSource
    void nameIsTrimmedAndComposed(String raw, String name) {
        assertThat(parse(raw)).hasValue(name);
    }

    static Stream<Arguments> nameIsTrimmedAndComposed() {
        return Stream.of(
                Arguments.of("x", "x"),
                Arguments.of("a".repeat(256), "a".repeat(256)),
                Arguments.of("😀".repeat(256), "😀".repeat(256)),
                Arguments.of(" \u00a0\u2003Trimmed\u3000 ", "Trimmed"),
                Arguments.of(" ".repeat(300) + "Trimmed first", "Trimmed first"),
                Arguments.of("Cafe\u0301", "Café"),
                Arguments.of("e\u0301".repeat(256), "é".repeat(256)),
                Arguments.of("\u212b", "Å"),
                Arguments.of("Zürich 東京 القاهرة", "Zürich 東京 القاهرة"),
                Arguments.of("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
                Arguments.of("<b>\"$ne\" & '; DROP</b>", "<b>\"$ne\" & '; DROP</b>"),
                Arguments.of("$where", "$where"),
                Arguments.of("null", "null"));
    }

    @ParameterizedTest
    @MethodSource
    void whatIsInvisibleTooLongOrForbiddenIsNoName(String raw) {
        assertThat(parse(raw)).isEmpty();
    }

    static Stream<String> whatIsInvisibleTooLongOrForbiddenIsNoName() {
        var invisible = Stream.of(
                "",
                " ",
                "\u00a0",
                "\u2003\u3000",
                "\t\n",
                "\u200b",
                "\u200d",
                "\u2060\ufeff",
                "\u00ad",
                "\u3164",
                "\u2800",
                "\u115f",
                "\u034f",
                "\u0301",
                "\ufe0f",
                "\udb40\udc41");
        var tooLong = Stream.of("a".repeat(257), "😀".repeat(257), "e\u0301".repeat(257), "a".repeat(60_000));
        var forbidden = Stream.of(
                "a\u0000b",
                "\u0000",
                "a\u0001b",
                "a\tb",
                "a\nb",
                "a\u001bb",
                "a\u007fb",
                "a\u0085b",
                "a\u009fb",
                "a\u2028b",
                "a\u2029b",
                "a\u202ab",
                "a\u202bb",
                "a\u202cb",
                "a\u202db",
                "a\u202eb",
                "a\u2066b",
                "a\u2067b",
                "a\u2068b",
                "a\u2069b",
                "\ud800",
                "a\ud800b",
                "a\udc00b",
                "\udc00\ud800",
                "a\ud83d");
        return Stream.of(invisible, tooLong, forbidden).flatMap(each -> each);
    }
}
