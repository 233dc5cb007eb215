package dev.offshoot.value;

import java.util.regex.Pattern;

/**
 * An e-mail address, checked no further than mail needs to find its way: whether anybody is reached there, only a mail
 * shows (RFC 5321, section 4.5.3).
 */
public record EmailAddress(String text) {
    public static final String RULE = "must be an e-mail address of at most 254 characters";

    private static final int MAX_LENGTH = 254;
    private static final Pattern FORM = Pattern.compile("[^@]+@[^@]+");

    public static Parsed<EmailAddress> parse(String raw) {
        return Identifier.isVisible(raw)
                        && raw.length() <= MAX_LENGTH
                        && FORM.matcher(raw).matches()
                ? Parsed.good(new EmailAddress(raw))
                : Parsed.bad(RULE);
    }
}
