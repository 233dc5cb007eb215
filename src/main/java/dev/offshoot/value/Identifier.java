package dev.offshoot.value;

import dev.offshoot.failure.Problem.Form;

/**
 * What clients call their own things by: 1 to 255 printable characters without surrounding space; not {@code .} or
 * {@code ..}, which a path can't hold.
 */
public final class Identifier {
    /** In code points. */
    public static final int MAX_LENGTH = 255;

    private Identifier() {}

    public static Parsed<String> parse(String raw) {
        return isWellFormed(raw) ? Parsed.good(raw) : Parsed.malformed(Form.IDENTIFIER);
    }

    static boolean isWellFormed(String raw) {
        var length = raw.codePointCount(0, raw.length());
        return length >= 1
                && length <= MAX_LENGTH
                && raw.codePoints().allMatch(Identifier::isPrintable)
                && !Character.isSpaceChar(raw.codePointAt(0))
                && !Character.isSpaceChar(raw.codePointBefore(raw.length()))
                && !raw.equals(".")
                && !raw.equals("..");
    }

    /** Whether a code point shows itself: none that controls, formats or is not assigned. */
    public static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
