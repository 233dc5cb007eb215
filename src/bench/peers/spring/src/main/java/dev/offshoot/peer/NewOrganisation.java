package dev.offshoot.peer;

import java.text.Normalizer;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What an organisation is to be, and the rules for it. */
record NewOrganisation(
        String name, String country, String timeZone, String divisionName, String externalId, boolean partner) {
    private static final Set<String> COUNTRIES = Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2);
    private static final Set<String> ZONES = ZoneId.getAvailableZoneIds();
    private static final int LONGEST_NAME = 256;
    private static final Pattern SURROUNDING_SPACE = Pattern.compile("^\\p{Z}+|\\p{Z}+$");
    private static final Pattern FORBIDDEN = Pattern.compile(
            "[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]");
    private static final Pattern VISIBLE = Pattern.compile(
            "[^\\p{Z}\\p{Cf}\\p{Cn}\\p{Mn}\\p{Me}\\u034F\\u115F\\u1160\\u17B4\\u17B5\\u2800\\u3164\\uFFA0]");
    private static final Pattern EXTERNAL_ID =
            Pattern.compile("(?![0-9a-fA-F]{24}$|\\.\\.?$)[^\\p{C}\\p{Z}](?:[^\\p{C}\\p{Zl}\\p{Zp}]{0,253}[^\\p{C}\\p{Z}])?");

    /** The body of the call that creates one. */
    record Body(
            String organisationName,
            String country,
            String divisionTimezone,
            String divisionName,
            String partnerExternalId,
            Boolean isPartner) {
        NewOrganisation read() {
            var name = name(organisationName, "organisation_name");
            return new NewOrganisation(
                    name,
                    code(country),
                    zone(divisionTimezone),
                    divisionName == null ? name : name(divisionName, "division_name"),
                    partnerExternalId == null ? null : externalId(partnerExternalId),
                    Boolean.TRUE.equals(isPartner));
        }
    }

    static String name(Object raw, String field) {
        var text = raw instanceof String given
                ? Normalizer.normalize(SURROUNDING_SPACE.matcher(given).replaceAll(""), Normalizer.Form.NFC)
                : "";
        return text.codePointCount(0, text.length()) <= LONGEST_NAME
                        && !FORBIDDEN.matcher(text).find()
                        && VISIBLE.matcher(text).find()
                ? text
                : invalid(field);
    }

    static String externalId(Object raw) {
        return raw instanceof String text && EXTERNAL_ID.matcher(text).matches() ? text : invalid("partner_external_id");
    }

    private static String code(String raw) {
        var code = raw == null ? "" : raw.toUpperCase(Locale.ROOT);
        return COUNTRIES.contains(code) ? code : invalid("country");
    }

    private static String zone(String raw) {
        return raw != null && ZONES.contains(raw) ? raw : invalid("division_timezone");
    }

    private static String invalid(String field) {
        throw new Failures.Invalid(field);
    }
}
