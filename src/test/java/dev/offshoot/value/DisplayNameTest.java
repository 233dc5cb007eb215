package dev.offshoot.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;

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
}
