package dev.offshoot.value;

import dev.offshoot.failure.Problem.Form;
import java.util.regex.Pattern;

/**
 * The partner's own identifier of an organisation: an {@link Identifier}, but not 24 hexadecimal digits, which would read
 * as one of our ids.
 */
public record ExternalId(String text) {
    private static final Pattern LIKE_AN_ID = Pattern.compile("[0-9a-fA-F]{24}");

    public static Parsed<ExternalId> parse(String raw) {
        return Identifier.isWellFormed(raw) && !LIKE_AN_ID.matcher(raw).matches()
                ? Parsed.good(new ExternalId(raw))
                : Parsed.malformed(Form.EXTERNAL_ID);
    }
}
