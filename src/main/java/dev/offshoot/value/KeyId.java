package dev.offshoot.value;

import java.util.Optional;
import java.util.regex.Pattern;

/** The public part of a key: 12 characters of a–z and 0–9. It names the key in lists and logs and opens nothing. */
public record KeyId(String value) {
    public static final int LENGTH = 12;

    private static final Pattern FORM = Pattern.compile("[a-z0-9]{" + LENGTH + "}");

    public static final String RULE = "must be 12 of a to z and 0 to 9";

    /** The id that the text is, if it has its form. */
    public static Optional<KeyId> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new KeyId(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
