package dev.offshoot.value;

import java.text.Normalizer;
import java.util.Locale;

/**
 * The name of an organisation, a division, a key or a member: trimmed, NFC-normalised, 1 to 256 code points with a visible
 * one among them, without control characters, line separators, bidirectional controls and lone surrogates.
 */
public record DisplayName(String text) {
    /** In code points, after normalising. */
    public static final int MAX_LENGTH = 256;

    public static final String RULE = "must be 1 to 256 characters with a visible one among them, without control"
            + " characters or bidirectional overrides and marks";

    /** U+061C, U+200E and U+200F; the overrides and isolates are in two ranges (Unicode Standard Annex 9, section 2). */
    private static final String BIDIRECTIONAL_MARKS = "\u061C\u200E\u200F";

    /** Letters and symbols that show nothing: fillers, the grapheme joiner, the blank braille pattern. */
    private static final String BLANKS = "\u034F\u115F\u1160\u17B4\u17B5\u2800\u3164\uFFA0";

    public static Parsed<DisplayName> parse(String raw) {
        var text = Normalizer.normalize(trim(raw), Normalizer.Form.NFC);
        var fits = text.codePointCount(0, text.length()) <= MAX_LENGTH
                && text.codePoints().noneMatch(DisplayName::isForbidden)
                && text.codePoints().anyMatch(DisplayName::isVisible);
        return fits ? Parsed.good(new DisplayName(text)) : Parsed.bad(RULE);
    }

    /** The search key of a name that is searched for, whether or not an organisation could have it. */
    public static String searchKeyOf(String raw) {
        return new DisplayName(trim(raw)).searchKey();
    }

    /** The form that names are searched by: NFKC, without regard to case in any script (Unicode, section 3.13). */
    public String searchKey() {
        var compatible = Normalizer.normalize(text, Normalizer.Form.NFKC);
        var folded = compatible.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(folded, Normalizer.Form.NFKC);
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
