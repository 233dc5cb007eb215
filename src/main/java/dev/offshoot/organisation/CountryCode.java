package dev.offshoot.organisation;

import dev.offshoot.value.Parsed;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** An assigned ISO 3166-1 alpha-2 code, in upper case. The Java platform's list is the list. */
public record CountryCode(String code) {
    public static final String RULE = "must be an assigned ISO 3166-1 alpha-2 country code, such as GB";

    private static final Set<String> ASSIGNED = Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2);
    private static final Pattern FORM = Pattern.compile("[A-Za-z]{2}");

    public static Parsed<CountryCode> parse(String raw) {
        var code = raw.toUpperCase(Locale.ROOT);
        return FORM.matcher(raw).matches() && ASSIGNED.contains(code)
                ? Parsed.good(new CountryCode(code))
                : Parsed.bad(RULE);
    }
}
