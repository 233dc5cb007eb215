package dev.offshoot.usage;

import dev.offshoot.scope.OrgScope;
import java.time.LocalDate;

/**
 * How many API requests one counter has counted for an organisation on a UTC day: all of them so far, not those since it
 * was written down last, so that writing it down again adds nothing.
 *
 * @param organisation the scope whose top organisation it is
 * @param counter the counter's name, which no other counter of any process has
 * @param requests at most {@link ReportedUsage#MAX_FIGURE}
 * @param written how many of them are known to be written down
 */
record RequestCount(OrgScope organisation, LocalDate day, String counter, long requests, long written) {

    static RequestCount start(OrgScope organisation, LocalDate day, String counter) {
        return new RequestCount(organisation, day, counter, 0, 0);
    }

    /** Stands at the largest figure when it would be beyond. */
    RequestCount plus(long more) {
        var left = ReportedUsage.MAX_FIGURE - requests;
        return new RequestCount(organisation, day, counter, requests + Math.min(more, left), written);
    }

    /** The same when so many are known to be written down. */
    RequestCount written(long requestsWritten) {
        return new RequestCount(organisation, day, counter, requests, Math.max(written, requestsWritten));
    }

    boolean isWritten() {
        return requests == written;
    }

    /** Whether its day may not be stored yet. */
    boolean isNew() {
        return written == 0;
    }

    String dayId() {
        return UsageDay.idOf(organisation.root(), day);
    }

    String month() {
        return UsageMonth.textOf(day);
    }

    UsageDay asDay() {
        return UsageDay.counted(organisation, day, counter, requests);
    }
}
