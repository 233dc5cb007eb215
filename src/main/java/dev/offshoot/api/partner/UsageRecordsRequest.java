package dev.offshoot.api.partner;

import dev.offshoot.api.read.BodyReader;
import dev.offshoot.failure.Problem;
import dev.offshoot.failure.Problem.Form;
import dev.offshoot.usage.RecordId;
import dev.offshoot.usage.ReportedUsage;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.OrgId;
import dev.offshoot.value.Parsed;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The body of a usage report. What is wrong with its form refuses the whole; all else is told record by record. */
final class UsageRecordsRequest {
    private static final int MAX_RECORDS = 1000;
    private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    private UsageRecordsRequest() {}

    static List<ReportedUsage> read(byte[] body) {
        var fields = BodyReader.of(body);
        var records = fields.requiredObjects("records", 1, MAX_RECORDS, UsageRecordsRequest::readEntry);
        return fields.finish(() -> records);
    }

    private static Optional<ReportedUsage> readEntry(BodyReader fields) {
        var id = fields.requiredText("id", RecordId::parse);
        var organisation = fields.requiredText("organisation_id", raw -> Parsed.good(OrgId.of(raw)));
        var day = fields.requiredText("day", UsageRecordsRequest::day);
        var reason = fields.optionalText("reason", UsageRecordsRequest::reason);
        var least = fields.given("reason") ? -ReportedUsage.MAX_FIGURE : 0;
        var requests = fields.optionalInteger("api_requests", least, ReportedUsage.MAX_FIGURE);
        var storage = fields.optionalInteger("storage_bytes", least, ReportedUsage.MAX_FIGURE);
        if (!fields.given("api_requests") && !fields.given("storage_bytes")) {
            fields.refuse("api_requests", Problem.Bare.MISSING);
        }
        return fields.finishEntry(() -> new ReportedUsage(
                id.orElseThrow(),
                organisation.orElseThrow(),
                day.orElseThrow(),
                requests,
                storage,
                reason.orElse(null)));
    }

    private static Parsed<LocalDate> day(String raw) {
        try {
            return DAY.matcher(raw).matches() ? Parsed.good(LocalDate.parse(raw)) : Parsed.malformed(Form.DAY);
        } catch (DateTimeException notInTheCalendar) {
            return Parsed.malformed(Form.DAY);
        }
    }

    /** The same text rules as for names. */
    private static Parsed<String> reason(String raw) {
        return DisplayName.parse(raw)
                .orTell(problem -> {})
                .map(name -> Parsed.good(name.text()))
                .orElse(Parsed.malformed(Form.REASON));
    }
}
