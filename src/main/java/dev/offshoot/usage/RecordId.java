package dev.offshoot.usage;

import dev.offshoot.value.Parsed;
import java.util.regex.Pattern;

/** A reporter's own id of a usage record: 1 to 128 visible ASCII characters. */
public record RecordId(String text) {
    public static final String RULE = "must be 1 to 128 visible ASCII characters";

    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1,128}");

    public static Parsed<RecordId> parse(String raw) {
        return FORM.matcher(raw).matches() ? Parsed.good(new RecordId(raw)) : Parsed.bad(RULE);
    }
}
