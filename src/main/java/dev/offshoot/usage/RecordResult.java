package dev.offshoot.usage;

import java.util.Optional;

/**
 * What became of one reported record.
 *
 * @param id the reporter's own
 * @param rejection why it was rejected; present for that outcome only
 */
public record RecordResult(String id, Outcome outcome, Optional<RejectionReason> rejection) {

    public enum Outcome {
        RECORDED,
        /** Reported before with the same content, which is harmless. */
        DUPLICATE,
        /** Reported before with other content, which stays. */
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
