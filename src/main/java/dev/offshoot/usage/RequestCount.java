package dev.offshoot.usage;

import dev.offshoot.scope.OrgScope;
import java.time.Instant;
import java.time.LocalDate;

/**
 * How many API requests one counter has counted for an organisation on a UTC day. It is the total so far, not the
 * difference since the last write, so that writing it again adds nothing.
 *
 * @param organisation the scope whose top organisation was counted for
 * @param counter the counter's name, which no other counter of any process has
 * @param requests at most {@link ReportedUsage#MAX_FIGURE}
 * @param written how many of the requests are known to be written
 */
record RequestCount(OrgScope organisation, LocalDate day, String counter, long requests, long written) {

    static RequestCount start(OrgScope organisation, LocalDate day, String counter) {
        return new RequestCount(organisation, day, counter, 0, 0);
    }

    /** Adds requests, up to the largest figure. */
    RequestCount plus(long more) {
        var left = ReportedUsage.MAX_FIGURE - requests;
        return new RequestCount(organisation, day, counter, requests + Math.min(more, left), written);
    }

    /** Returns this count with the given number of requests known to be written. */
    RequestCount written(long requestsWritten) {
        return new RequestCount(organisation, day, counter, requests, Math.max(written, requestsWritten));
    }

    boolean isWritten() {
        return requests == written;
    }

    /** Whether the day may not be stored yet. */
    boolean isNew() {
        return written == 0;
    }

    String dayId() {
        return UsageDay.idOf(organisation.root(), day);
    }

    String month() {
        return UsageMonth.textOf(day);
    }

    UsageDay asDay(Instant now) {
        return UsageDay.counted(organisation, day, counter, requests, now);
    }
}
