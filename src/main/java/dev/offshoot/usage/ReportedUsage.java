package dev.offshoot.usage;

import dev.offshoot.value.OrgId;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One usage record as it is reported.
 *
 * @param id the reporter's own id, unique within the organisation
 * @param apiRequests a count to add
 * @param storageBytes a level; the largest level of the day counts
 * @param reason present for a correction, whose figures are added and may be negative
 */
public record ReportedUsage(
        RecordId id,
        OrgId organisation,
        LocalDate day,
        @Nullable Long apiRequests,
        @Nullable Long storageBytes,
        @Nullable String reason) {

    /** The largest figure of a record and of a day, and the largest integer that every JSON reader can hold: 2⁵³−1. */
    public static final long MAX_FIGURE = (1L << 53) - 1;

    String storedId() {
        return organisation + "/" + id.text();
    }
}
