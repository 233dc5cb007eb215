package dev.offshoot.value;

import java.text.Normalizer;
import java.util.Locale;

/**
 * The name of an organisation, a division, a key or a member: trimmed, NFC-normalised, 1 to 256 code points, at least
 * one of them visible. It has no control characters, line separators, bidirectional controls or lone surrogates.
 */
public record DisplayName(String text) {
    /** In code points, after normalisation. */
    public static final int MAX_LENGTH = 256;

    public static final String RULE = "must be 1 to 256 characters with a visible one among them, without control"
            + " characters or bidirectional overrides and marks";

    /** No character has a longer canonical decomposition, so that a longer text is too long in any form. */
    private static final int MAX_DECOMPOSED = 4 * MAX_LENGTH;

    /** How many marks may follow one another out of their order (Unicode Standard Annex 15, section 13). */
    private static final int MAX_DISORDERED_MARKS = 30;

    private static final String ORDER_RULE =
            "must not have more than " + MAX_DISORDERED_MARKS + " combining marks in a row unless it is in NFC";

    /** U+061C, U+200E and U+200F; two ranges cover the overrides and isolates (Unicode Standard Annex 9, section 2). */
    private static final String BIDIRECTIONAL_MARKS = "\u061C\u200E\u200F";

    /** Letters and symbols that are invisible: fillers, the grapheme joiner, the blank braille pattern. */
    private static final String BLANKS = "\u034F\u115F\u1160\u17B4\u17B5\u2800\u3164\uFFA0";

    public static Parsed<DisplayName> parse(String raw) {
        var trimmed = trim(raw);
        if (isTooLong(trimmed)) {
            return Parsed.bad(RULE);
        }
        if (isDisordered(trimmed)) {
            return Parsed.bad(ORDER_RULE);
        }
        var text = Normalizer.normalize(trimmed, Normalizer.Form.NFC);
        var fits = text.codePointCount(0, text.length()) <= MAX_LENGTH
                && text.codePoints().noneMatch(DisplayName::isForbidden)
                && text.codePoints().anyMatch(DisplayName::isVisible);
        return fits ? Parsed.good(new DisplayName(text)) : Parsed.bad(RULE);
    }

    /** The search key for a name that is searched for, whether or not it is a valid name. */
    public static String searchKeyOf(String raw) {
        var trimmed = trim(raw);
        return isTooLong(trimmed) || isDisordered(trimmed) ? trimmed : new DisplayName(trimmed).searchKey();
    }

    /** The form in which names are searched: NFKC, ignoring case in every script (Unicode, section 3.13). */
    public String searchKey() {
        var compatible = Normalizer.normalize(text, Normalizer.Form.NFKC);
        var folded = compatible.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(folded, Normalizer.Form.NFKC);
    }

    private static boolean isTooLong(String text) {
        return text.codePointCount(0, text.length()) > MAX_DECOMPOSED;
    }

    /** Putting marks in order takes time that grows with the square of their number. */
    private static boolean isDisordered(String text) {
        return longestRunOfMarks(text) > MAX_DISORDERED_MARKS && !Normalizer.isNormalized(text, Normalizer.Form.NFC);
    }

    private static int longestRunOfMarks(String text) {
        var longest = 0;
        var run = 0;
        for (var i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            run = isMark(text.codePointAt(i)) ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }

    private static boolean isMark(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> true;
            default -> false;
        };
    }

    private static String trim(String raw) {
        var start = 0;
        var end = raw.length();
        while (start < end && Character.isSpaceChar(raw.charAt(start))) {
            start++;
        }
        while (end > start && Character.isSpaceChar(raw.charAt(end - 1))) {
            end--;
        }
        return raw.substring(start, end);
    }

    private static boolean isForbidden(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                true;
            default ->
                BIDIRECTIONAL_MARKS.indexOf(codePoint) >= 0
                        || (codePoint >= 0x202A && codePoint <= 0x202E)
                        || (codePoint >= 0x2066 && codePoint <= 0x2069);
        };
    }

    private static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.FORMAT, Character.UNASSIGNED, Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> false;
            default -> !Character.isSpaceChar(codePoint) && BLANKS.indexOf(codePoint) < 0;
        };
    }
}
