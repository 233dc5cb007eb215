package dev.offshoot.value;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/** Reads instants (RFC 3339, section 5.6), of the years 1 to 9999, cut to milliseconds. There are no leap seconds here. */
public final class Rfc3339 {
    public static final String RULE =
            "must be an RFC 3339 instant, such as 2026-04-01T09:30:00.000Z, of the years 1 to 9999";

    private static final Pattern FORM =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})");
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

    private Rfc3339() {}

    public static Parsed<Instant> parse(String raw) {
        if (!FORM.matcher(raw).matches()) {
            return Parsed.bad(RULE);
        }
        try {
            var instant = OffsetDateTime.parse(raw).toInstant().truncatedTo(ChronoUnit.MILLIS);
            return instant.isBefore(FIRST) || instant.isAfter(LAST) ? Parsed.bad(RULE) : Parsed.good(instant);
        } catch (DateTimeException noSuchDay) {
            return Parsed.bad(RULE);
        }
    }
}
