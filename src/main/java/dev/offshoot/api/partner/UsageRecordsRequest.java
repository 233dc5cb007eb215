package dev.offshoot.api.partner;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.offshoot.api.BodyReader;
import dev.offshoot.failure.Parsed;
import dev.offshoot.failure.Problem;
import dev.offshoot.failure.Problem.Form;
import dev.offshoot.organisation.OrganisationName;
import dev.offshoot.scope.OrgId;
import dev.offshoot.usage.RecordId;
import dev.offshoot.usage.ReportedUsage;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of a usage report. What is wrong with its form refuses the whole; all else is told record by record. */
@Schema(name = "UsageRecords", additionalProperties = Schema.False.class)
public record UsageRecordsRequest(
        @Schema(required = true, minItems = 1, maxItems = 1000)
        List<Entry> records) {
    private static final int MAX_RECORDS = 1000;
    private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    /** One record: at least one figure; with a reason it is a correction, whose figures are added. */
    @Schema(name = "UsageRecord", additionalProperties = Schema.False.class)
    public record Entry(
            @Schema(
                    required = true,
                    description = "The reporter's own, unique within the organisation.",
                    pattern = "^[!-~]{1,128}$",
                    examples = "2026-04-01T09:node-7")
            String id,

            @Schema(required = true, pattern = "^[a-f\\d]{24}$") @JsonProperty("organisation_id")
            String organisationId,

            @Schema(required = true, description = "A UTC day.", format = "date", examples = "2026-04-01")
            String day,

            @Schema(
                    description = "A count; negative in a correction only.",
                    minimum = "-9007199254740991",
                    maximum = "9007199254740991",
                    examples = "1200")
            @JsonProperty("api_requests")
            @Nullable
            Long apiRequests,

            @Schema(
                    description = "A level; negative in a correction only.",
                    minimum = "-9007199254740991",
                    maximum = "9007199254740991",
                    examples = "734003200")
            @JsonProperty("storage_bytes")
            @Nullable
            Long storageBytes,

            @Schema(description = "Makes it a correction.", minLength = 1, maxLength = 256) @Nullable
            String reason) {}

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
        return OrganisationName.parse(raw)
                .orTell(problem -> {})
                .map(name -> Parsed.good(name.text()))
                .orElse(Parsed.malformed(Form.REASON));
    }
}
