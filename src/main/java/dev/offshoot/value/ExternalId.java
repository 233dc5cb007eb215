package dev.offshoot.value;

import java.util.regex.Pattern;

/**
 * The partner's own identifier of an organisation: an {@link Identifier}, but not 24 hexadecimal digits, which would read
 * as one of our ids.
 */
public record ExternalId(String text) {
    public static final String RULE =
            "must be 1 to 255 printable characters without surrounding space, and not 24 hexadecimal digits, '.' or '..'";

    private static final Pattern LIKE_AN_ID = Pattern.compile("[0-9a-fA-F]{24}");

    public static Parsed<ExternalId> parse(String raw) {
        return Identifier.isWellFormed(raw) && !LIKE_AN_ID.matcher(raw).matches()
                ? Parsed.good(new ExternalId(raw))
                : Parsed.bad(RULE);
    }
}
