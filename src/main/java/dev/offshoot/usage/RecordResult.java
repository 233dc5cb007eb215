package dev.offshoot.usage;

import java.util.Optional;

/**
 * The outcome of one reported record.
 *
 * @param id the reporter's own id of the record
 * @param rejection why the record was rejected; only present if it was
 */
public record RecordResult(String id, Outcome outcome, Optional<RejectionReason> rejection) {

    public enum Outcome {
        RECORDED,
        /** Reported before with the same content. */
        DUPLICATE,
        /** Reported before with other content, which is kept. */
        CONFLICT,
        REJECTED
    }

    public enum RejectionReason {
        UNKNOWN_ORGANISATION,
        CORRECTION_NOT_ALLOWED,
        MONTH_CLOSED
    }

    static RecordResult of(ReportedUsage reported, Outcome outcome) {
        return new RecordResult(reported.id().text(), outcome, Optional.empty());
    }

    static RecordResult rejected(ReportedUsage reported, RejectionReason rejection) {
        return new RecordResult(reported.id().text(), Outcome.REJECTED, Optional.of(rejection));
    }
}
