package dev.offshoot.api.partner;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offshoot.usage.RecordResult;
import dev.offshoot.usage.RecordResult.RejectionReason;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The data of a usage report: what became of each record, in their order. */
public record UsageRecordsData(List<Result> results) {

    /** What became of one record. */
    public record Result(
            String id,

            String outcome,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String message) {}

    static UsageRecordsData of(List<RecordResult> results) {
        return new UsageRecordsData(results.stream().map(UsageRecordsData::view).toList());
    }

    private static Result view(RecordResult result) {
        var outcome = result.outcome().name().toLowerCase(Locale.ROOT);
        return new Result(result.id(), outcome, message(result));
    }

    private static @Nullable String message(RecordResult result) {
        return switch (result.outcome()) {
            case RECORDED, DUPLICATE -> null;
            case CONFLICT -> "A record with this id and other content was reported before; it stays.";
            case REJECTED -> result.rejection().map(UsageRecordsData::sentence).orElse(null);
        };
    }

    private static String sentence(RejectionReason rejection) {
        return switch (rejection) {
            case UNKNOWN_ORGANISATION -> "There is no such organisation.";
            case CORRECTION_NOT_ALLOWED -> "This key may not report corrections.";
            case MONTH_CLOSED -> "This key may not report for a month that is closed.";
        };
    }
}
