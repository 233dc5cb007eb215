package dev.offshoot.api.partner;

import dev.offshoot.api.read.RequestReader;
import dev.offshoot.apikey.Role;
import dev.offshoot.organisation.CountryCode;
import dev.offshoot.organisation.TimeZoneId;
import dev.offshoot.usage.RecordId;
import dev.offshoot.value.Parsed;
import jakarta.inject.Singleton;
import jakarta.validation.Validator;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Pattern;

/** Reads this API's bodies. */
@Singleton
class PartnerRequests extends RequestReader {
    private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final String DAY_RULE = "must be a day, such as 2026-04-01";

    PartnerRequests(Validator validator) {
        super(snakeCase(validator)
                .text(CountryCode.class, CountryCode::parse)
                .text(TimeZoneId.class, TimeZoneId::parse)
                .text(Role.class, Role::parse)
                .text(RecordId.class, RecordId::parse)
                .text(LocalDate.class, PartnerRequests::day));
    }

    private static Parsed<LocalDate> day(String raw) {
        try {
            return DAY.matcher(raw).matches() ? Parsed.good(LocalDate.parse(raw)) : Parsed.bad(DAY_RULE);
        } catch (DateTimeException notInTheCalendar) {
            return Parsed.bad(DAY_RULE);
        }
    }
}
