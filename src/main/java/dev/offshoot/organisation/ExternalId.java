package dev.offshoot.organisation;

import dev.offshoot.failure.Parsed;
import dev.offshoot.failure.Problem.Form;
import java.util.regex.Pattern;

/**
 * The partner's own identifier of an organisation: 1 to 255 printable characters without surrounding space; not
 * {@code .} or {@code ..}, which a path can't hold, and not 24 hexadecimal digits, which would read as one of our ids.
 */
public record ExternalId(String text) {
    /** In code points. */
    public static final int MAX_LENGTH = 255;

    private static final Pattern LIKE_AN_ID = Pattern.compile("[0-9a-fA-F]{24}");

    public static Parsed<ExternalId> parse(String raw) {
        var length = raw.codePointCount(0, raw.length());
        var fits = length >= 1
                && length <= MAX_LENGTH
                && raw.codePoints().allMatch(ExternalId::isPrintable)
                && !Character.isSpaceChar(raw.codePointAt(0))
                && !Character.isSpaceChar(raw.codePointBefore(raw.length()))
                && !raw.equals(".")
                && !raw.equals("..")
                && !LIKE_AN_ID.matcher(raw).matches();
        return fits ? Parsed.good(new ExternalId(raw)) : Parsed.malformed(Form.EXTERNAL_ID);
    }

    private static boolean isPrintable(int codePoint) {
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
