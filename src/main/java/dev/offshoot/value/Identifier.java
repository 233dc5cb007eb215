package dev.offshoot.value;

/**
 * A client's own identifier of something: 1 to 255 printable characters without surrounding spaces. It is not {@code .}
 * or {@code ..}, which a path can't contain.
 */
public record Identifier(String text) {
    /** In code points. */
    public static final int MAX_LENGTH = 255;

    private static final int REPLACEMENT_CHARACTER = 0xFFFD;

    public static final String RULE =
            "must be 1 to 255 printable characters without surrounding space, and not '.' or '..'";

    public static Parsed<Identifier> parse(String raw) {
        return isWellFormed(raw) ? Parsed.good(new Identifier(raw)) : Parsed.bad(RULE);
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

    /** Whether the text has only printable characters and no spaces. */
    static boolean isVisible(String raw) {
        return raw.codePoints().allMatch(point -> isPrintable(point) && !Character.isSpaceChar(point));
    }

    /**
     * Whether a code point is assigned, and neither a control or format character nor a surrogate or line separator, nor
     * the replacement character: in a path, bytes that are not UTF-8 are read as that, so that many paths would name one
     * thing.
     */
    static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> codePoint != REPLACEMENT_CHARACTER;
        };
    }
}
