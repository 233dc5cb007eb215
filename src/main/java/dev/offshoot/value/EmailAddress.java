package dev.offshoot.value;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An e-mail address, checked only as far as mail delivery needs: one {@code @} between two parts, no spaces, at most
 * 254 characters (RFC 5321, section 4.5.3). Only a message shows whether it reaches anybody.
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

    /** The search key of an address that is searched for, whether or not it is one. */
    public static String searchKeyOf(String raw) {
        return raw.length() > MAX_LENGTH ? raw : new EmailAddress(raw).searchKey();
    }

    /** The form that addresses are compared by: NFC, without regard to case in any script (Unicode, section 3.13). */
    public String searchKey() {
        var composed = Normalizer.normalize(text, Normalizer.Form.NFC);
        var folded = composed.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(folded, Normalizer.Form.NFC);
    }
}
